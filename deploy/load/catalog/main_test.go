package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/catalogapi"
)

func TestBooksInTheTablesAreAsIfTheyWereListed(t *testing.T) {
	shoptest.OnEachDatabase(t, cluster.Options{}, func(t *testing.T, s *shoptest.Shop) {
		const books = 60
		args := []string{"-books", fmt.Sprint(books), "-sellers", "3", "-tables", s.DatabaseURL(cluster.Catalog)}
		if err := run(t.Context(), args, io.Discard); err != nil {
			t.Fatal(err)
		}
		shoptest.Await(t, "the books are found", func() bool {
			found, err := s.Catalog.Books(t.Context(), catalogapi.BookQuery{Limit: 100})
			return err == nil && len(found.Items) == books
		})
		seller := s.RegisterSeller(t, "Corner Books").As(t.Context())
		for m, i := newMaker(1), 0; i < books; i++ {
			b := m.book(i, 3)
			found, err := s.Catalog.Books(t.Context(), catalogapi.BookQuery{Q: b.Title})
			if err != nil || !slices.ContainsFunc(found.Items, func(other catalogapi.Book) bool { return other.Title == b.Title }) {
				t.Errorf("%q is not found: %v", b.Title, err)
			}
			if _, err := s.Catalog.CreateBook(seller, b.BookInput); err != nil {
				t.Errorf("%+v can't be listed: %v", b.BookInput, err)
			}
		}
		indexed := s.Query(t, cluster.Catalog, "SELECT sort_title, title_words, search_format, words FROM books JOIN book_search ON book_search.rowid = books.id ORDER BY books.id")
		for i := range books {
			if got, want := sortedWords(indexed[i]), sortedWords(indexed[books+i]); !slices.Equal(got, want) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		}
		s.WantBooksBalanced(t, time.Minute)
	})
}

// sortedWords returns the distinct words of a row in order.
func sortedWords(row string) []string {
	return slices.Compact(slices.Sorted(slices.Values(strings.Fields(row))))
}
