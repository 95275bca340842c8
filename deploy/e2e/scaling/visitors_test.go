package scaling

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bookstore/deploy/internal/customers"
	"bookstore/deploy/internal/demo"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/catalogapi"
)

// readers look at pages: most of them as guests, some signed in.
type readers struct {
	log    *pages.Log
	guest  *customers.Customer
	buyers []*customers.Customer
	books  []catalogapi.Book
}

func newReaders(t *testing.T, s *shoptest.Shop, log *pages.Log) *readers {
	t.Helper()
	if _, err := demo.Fill(t.Context(), s.Auth, s.Catalog); err != nil {
		t.Fatal(err)
	}
	list, err := s.Catalog.Books(t.Context(), catalogapi.BookQuery{Limit: 50})
	if err != nil {
		t.Fatal(err)
	}
	r := &readers{log: log, guest: &customers.Customer{Shop: s, Log: log, Browser: pages.NewBrowser()}, books: list.Items}
	for _, a := range s.RegisterMany(t, customers.Number) {
		r.buyers = append(r.buyers, customers.New(t, s, log, a, nil))
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
	if a, ok := who.Get(ctx, path); ok && a.StatusCode != http.StatusOK {
		r.log.Wrongf("%s answered %s", path, a.Status)
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
