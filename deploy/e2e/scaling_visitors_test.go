package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bookstore/deploy/internal/demo"
	"bookstore/shared/catalogapi"
)

// readers look at pages: most of them as guests, some signed in.
type readers struct {
	log    *pageLog
	guest  *patron
	buyers []*patron
	books  []catalogapi.Book
}

func newReaders(t *testing.T, s *shop, log *pageLog) *readers {
	t.Helper()
	if _, err := demo.Fill(t.Context(), s.auth, s.catalog); err != nil {
		t.Fatal(err)
	}
	list, err := s.catalog.Books(t.Context(), catalogapi.BookQuery{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	r := &readers{log: log, guest: &patron{shop: s, log: log, browser: newBrowser()}, books: list.Items}
	for _, a := range s.registerMany(t, patrons) {
		r.buyers = append(r.buyers, newPatron(t, s, log, a, nil))
	}
	return r
}

// visit looks at one page, which must be there.
func (r *readers) visit(ctx context.Context) {
	who, path := r.guest, r.publicPage()
	if rand.IntN(5) == 0 {
		who = r.buyers[rand.IntN(len(r.buyers))]
		path = []string{"/account", "/orders", "/cart"}[rand.IntN(3)]
	}
	if a, ok := who.get(ctx, path); ok && a.StatusCode != http.StatusOK {
		r.log.wrongf("%s answered %s", path, a.Status)
	}
}

func (r *readers) publicPage() string {
	book := r.books[rand.IntN(len(r.books))]
	words := strings.Fields(book.Title)
	switch rand.IntN(4) {
	case 0:
		return "/"
	case 1:
		return "/books?category=" + book.Category
	case 2:
		return "/books?q=" + url.QueryEscape(words[rand.IntN(len(words))])
	default:
		return fmt.Sprintf("/books/%d", book.ID)
	}
}
