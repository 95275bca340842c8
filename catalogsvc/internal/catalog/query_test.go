package catalog_test

import (
	"context"
	"errors"
	"testing"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/page"
	"bookstore/shared/token"
)

// asked is a finder that remembers what it was asked for.
type asked struct {
	catalog.Finder
	selection catalog.Selection
	called    bool
}

func (a *asked) Find(_ context.Context, s catalog.Selection) (catalog.Found, error) {
	a.selection, a.called = s, true
	return catalog.Found{}, nil
}

func (a *asked) Respell(context.Context, []string) ([]string, error) { return nil, nil }

func ask(t *testing.T, who catalog.Caller, q catalog.Query) *asked {
	t.Helper()
	finder := &asked{}
	if _, err := catalog.NewService(nil, finder, nil, nil).Books(t.Context(), who, q); err != nil {
		t.Fatal(err)
	}
	return finder
}

// shelves is a finder and a store of three books.
type shelves struct {
	catalog.Finder
	catalog.Store
}

func (shelves) Find(context.Context, catalog.Selection) (catalog.Found, error) {
	return catalog.Found{Places: []catalog.Place{{ID: 1}, {ID: 2}, {ID: 3}}, Total: 3}, nil
}

func (shelves) BooksOnOffer(_ context.Context, ids []int64, _ bool) ([]catalog.Book, error) {
	books := make([]catalog.Book, len(ids))
	for i, id := range ids {
		books[i].ID = id
	}
	return books, nil
}

func TestACursorOfAnotherListIsRefused(t *testing.T) {
	service := catalog.NewService(shelves{}, shelves{}, nil, nil)
	first, err := service.Books(t.Context(), catalog.Caller{}, catalog.Query{Limit: 2, Sort: catalog.SortPriceAsc})
	if err != nil || first.NextCursor == "" {
		t.Fatalf("got %+v, %v, want a cursor", first, err)
	}
	for _, q := range []catalog.Query{
		{Cursor: first.NextCursor, Sort: catalog.SortTitle},
		{Cursor: first.NextCursor, Sort: catalog.SortPriceAsc, Text: "emma"},
		{Cursor: first.NextCursor, Sort: catalog.SortPriceAsc, Filter: catalog.Filter{Category: "art"}},
		{Cursor: "nonsense", Sort: catalog.SortPriceAsc},
	} {
		if _, err := service.Books(t.Context(), catalog.Caller{}, q); !errors.Is(err, page.ErrCursor) {
			t.Errorf("%+v: got %v, want ErrCursor", q, err)
		}
	}
	if _, err := service.Books(t.Context(), catalog.Caller{}, catalog.Query{Cursor: first.NextCursor, Sort: catalog.SortPriceAsc}); err != nil {
		t.Errorf("its own list: %v", err)
	}
}

func TestRelevanceWithoutASearchIsNewest(t *testing.T) {
	for text, want := range map[string]catalog.Sort{"": catalog.SortNewest, " \t": catalog.SortNewest, "\u200b": catalog.SortNewest, "\x00\xff": catalog.SortNewest, "x": catalog.SortRelevance} {
		for _, sort := range []catalog.Sort{"", catalog.SortRelevance} {
			if got := ask(t, catalog.Caller{}, catalog.Query{Text: text, Sort: sort}).selection.Sort; got != want {
				t.Errorf("%q sorted by %q: got %q, want %q", text, sort, got, want)
			}
		}
	}
}

func TestWhatCannotBeThereIsNotLookedFor(t *testing.T) {
	for _, q := range []catalog.Query{
		{Text: "🦄 !"},
		{Filter: catalog.Filter{Category: "ü"}},
		{Filter: catalog.Filter{Condition: "mint"}},
		{Filter: catalog.Filter{Language: "EN"}},
		{Filter: catalog.Filter{Language: "🦄"}},
	} {
		if ask(t, catalog.Caller{}, q).called {
			t.Errorf("%+v: the finder was asked", q)
		}
	}
}

func TestOnlySellersOwnListsAreFresh(t *testing.T) {
	seven := catalog.Caller{UserID: 7, Role: token.Seller}
	for _, c := range []struct {
		who    catalog.Caller
		seller int64
		want   bool
	}{
		{catalog.Caller{}, 0, false},
		{catalog.Caller{}, 7, false},
		{seven, 0, false},
		{seven, 8, false},
		{seven, 7, true},
	} {
		q := catalog.Query{Filter: catalog.Filter{SellerID: c.seller}}
		if got := ask(t, c.who, q).selection.Fresh; got != c.want {
			t.Errorf("seller %d: fresh %v, want %v", c.seller, got, c.want)
		}
	}
}
