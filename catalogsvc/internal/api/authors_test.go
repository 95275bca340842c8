package api_test

import (
	"slices"
	"testing"

	"bookstore/shared/catalogapi"
	"bookstore/shared/token"
)

func TestAnAuthorIsFoundByTheWholeName(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		owner := w.as(t, token.Seller, 1)
		list := func(title string, authors ...string) {
			in := emma()
			in.Title, in.Authors, in.ISBN = title, authors, ""
			w.list(t, owner, in)
		}
		list("Cien años de soledad", "Gabriel García Márquez")
		list("El olor de la guayaba", "Plinio Apuleyo Mendoza", "Gabriel Garcia Marquez")
		list("Gabriel García Márquez: una vida", "Gerald Martin")
		list("Gabriel", "García Márquez")
		for author, want := range map[string][]string{
			"gabriel-garcia-marquez": {"Cien años de soledad", "El olor de la guayaba"},
			"GABRIEL GARCÍA MÁRQUEZ": {"Cien años de soledad", "El olor de la guayaba"},
			"gerald-martin":          {"Gabriel García Márquez: una vida"}, "garcia": nil, "?": nil,
		} {
			found, err := w.Books(t.Context(), catalogapi.BookQuery{Author: author, Sort: catalogapi.SortTitle})
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			for _, b := range found.Items {
				titles = append(titles, b.Title)
			}
			if !slices.Equal(titles, want) || found.Total != len(want) {
				t.Errorf("%s: found %q, %d in all, want %q", author, titles, found.Total, want)
			}
		}
		both, err := w.Books(t.Context(), catalogapi.BookQuery{Author: "gabriel-garcia-marquez", Q: "guay"})
		if err != nil || len(both.Items) != 1 {
			t.Errorf("a search among an author's books: %v, %v", both, err)
		}
		if typo, err := w.Books(t.Context(), catalogapi.BookQuery{Q: "zxgerald"}); err != nil || typo.Total != 0 {
			t.Errorf("a name's token is found as a word: %v, %v", typo, err)
		}
	})
}
