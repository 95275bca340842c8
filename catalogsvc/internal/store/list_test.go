package store_test

import (
	"maps"
	"slices"
	"testing"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/catalogapi"
	"bookstore/shared/sqldb"
)

// stockMany lists books of a few prices, titles and categories, many of them equal.
func stockMany(t *testing.T, s *store.Store) {
	t.Helper()
	for i := range 23 {
		b := emma()
		b.Title = []string{"Emma", "Ähren", "zebra", "Emma 2"}[i%4]
		b.Price = int64(100 + i%5)
		b.Category = []string{"classics", "fiction", "art"}[i%3]
		b.Condition = catalogapi.Conditions[i%2]
		b.Language = []string{"en", "de"}[i%2]
		b.Stock = int64(i % 4)
		b.SellerID = int64(7 + i%2)
		add(t, s, b)
	}
}

// walk reads a list to its end in pages of limit.
func walk(t *testing.T, s *store.Store, sel catalog.Selection, limit int, between func()) []catalog.Book {
	t.Helper()
	sel.Limit = limit
	var all []catalog.Book
	for {
		found, err := s.Find(t.Context(), sel)
		if err != nil {
			t.Fatalf("%+v: %v", sel, err)
		}
		if (sel.After == nil) != (found.Total > 0) {
			t.Errorf("%+v: total %d on this page", sel, found.Total)
		}
		all = append(all, booksAt(t, s, found.Places)...)
		if len(found.Places) < limit {
			return all
		}
		sel.After = &found.Places[limit-1]
		between()
	}
}

func booksAt(t testing.TB, s *store.Store, places []catalog.Place) []catalog.Book {
	t.Helper()
	books := make([]catalog.Book, len(places))
	for i, at := range places {
		books[i] = current(t, s, at.ID)
	}
	return books
}

// searching selects what a text finds, the best first.
func searching(text string) catalog.Selection {
	return catalog.Selection{Search: catalog.ParseSearch(text), Sort: catalog.SortRelevance}
}

func ids(books []catalog.Book) []int64 {
	all := make([]int64, len(books))
	for i, b := range books {
		all[i] = b.ID
	}
	return all
}

func TestPagesGoOnWhereTheLastOneEnded(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		stockMany(t, s)
		less := map[catalog.Sort]func(a, b catalog.Book) bool{
			catalog.SortNewest:    func(a, b catalog.Book) bool { return a.ID > b.ID },
			catalog.SortPriceAsc:  func(a, b catalog.Book) bool { return a.Price < b.Price || a.Price == b.Price && a.ID < b.ID },
			catalog.SortPriceDesc: func(a, b catalog.Book) bool { return a.Price > b.Price || a.Price == b.Price && a.ID > b.ID },
			catalog.SortTitle: func(a, b catalog.Book) bool {
				x, y := a.SortTitle(), b.SortTitle()
				return x < y || x == y && a.ID < b.ID
			},
		}
		for sort, before := range less {
			for _, text := range []string{"", "emma"} {
				sel := catalog.Selection{Sort: sort, Search: catalog.ParseSearch(text)}
				got := walk(t, s, sel, 4, func() {})
				want := map[string]int{"": 23, "emma": 11}[text]
				if len(got) != want {
					t.Errorf("%s %q: %d books, want %d", sort, text, len(got), want)
				}
				for i := range got[1:] {
					if !before(got[i], got[i+1]) {
						t.Errorf("%s %q: %v is not before %v", sort, text, got[i], got[i+1])
					}
				}
			}
		}
		got := walk(t, s, searching("emma"), 5, func() {})
		if len(got) != 11 || got[0].Title != "Emma" || got[10].Title != "Emma 2" {
			t.Errorf("by relevance: %v", ids(got))
		}
	})
}

func TestPagesStayStableWhileBooksAreListed(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		stockMany(t, s)
		for _, sel := range []catalog.Selection{{Sort: catalog.SortNewest}, searching("emma"), {Sort: catalog.SortTitle}} {
			before := ids(walk(t, s, sel, 100, func() {}))
			during := ids(walk(t, s, sel, 3, func() { add(t, s, emma()) }))
			during = slices.DeleteFunc(during, func(id int64) bool { return !slices.Contains(before, id) })
			if !slices.Equal(during, before) {
				t.Errorf("%+v: got %v, want %v", sel, during, before)
			}
		}
	})
}

func TestFiltersSelect(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		stockMany(t, s)
		all := walk(t, s, catalog.Selection{Sort: catalog.SortNewest}, 100, func() {})
		gone := all[0].ID
		if err := s.DelistBook(t.Context(), gone, "user:7", noon); err != nil {
			t.Fatal(err)
		}
		all = all[1:]
		for name, c := range map[string]struct {
			filter catalog.Filter
			keep   func(catalog.Book) bool
		}{
			"none":      {catalog.Filter{}, func(catalog.Book) bool { return true }},
			"category":  {catalog.Filter{Category: "art"}, func(b catalog.Book) bool { return b.Category == "art" }},
			"condition": {catalog.Filter{Condition: "new"}, func(b catalog.Book) bool { return b.Condition == "new" }},
			"language":  {catalog.Filter{Language: "de"}, func(b catalog.Book) bool { return b.Language == "de" }},
			"price":     {catalog.Filter{MinPrice: 101, MaxPrice: 103}, func(b catalog.Book) bool { return b.Price >= 101 && b.Price <= 103 }},
			"no price":  {catalog.Filter{MinPrice: 103, MaxPrice: 101}, func(catalog.Book) bool { return false }},
			"in stock":  {catalog.Filter{InStock: true}, func(b catalog.Book) bool { return b.Stock > 0 }},
			"seller":    {catalog.Filter{SellerID: 8}, func(b catalog.Book) bool { return b.SellerID == 8 }},
			"isbn":      {catalog.Filter{ISBN: emma().ISBN}, func(catalog.Book) bool { return true }},
			"ids":       {catalog.Filter{IDs: []int64{gone, 1, 2, 999}}, func(b catalog.Book) bool { return b.ID < 3 }},
			"several": {catalog.Filter{Category: "fiction", InStock: true, Language: "en"},
				func(b catalog.Book) bool { return b.Category == "fiction" && b.Stock > 0 && b.Language == "en" }},
		} {
			for _, text := range []string{"", "em"} {
				var want []int64
				for _, b := range all {
					if c.keep(b) && (text == "" || b.Title != "Ähren" && b.Title != "zebra") {
						want = append(want, b.ID)
					}
				}
				sel := catalog.Selection{Filter: c.filter, Search: catalog.ParseSearch(text), Sort: catalog.SortNewest, Limit: 100}
				found, err := s.Find(t.Context(), sel)
				if got := ids(booksAt(t, s, found.Places)); err != nil || !slices.Equal(got, want) || found.Total != len(want) {
					t.Errorf("%s %q: got %v of %d, %v; want %v", name, text, got, found.Total, err, want)
				}
			}
		}
	})
}

func TestCategoriesCountWhatCanBeBought(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		stockMany(t, s)
		want := map[string]int64{}
		for _, b := range walk(t, s, catalog.Selection{Sort: catalog.SortNewest}, 100, func() {}) {
			if b.Stock > 0 {
				want[b.Category]++
			}
		}
		if got, err := s.CategoryCounts(t.Context(), false); err != nil || !maps.Equal(got, want) {
			t.Errorf("got %v, %v; want %v", got, err, want)
		}
	})
}

func TestASellersNameIsRemembered(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		for id, want := range map[int64]string{7: "Corner Books", 8: ""} {
			if want != "" {
				add(t, s, emma())
			}
			if got, err := s.Seller(t.Context(), id); err != nil || got.Name != want {
				t.Errorf("seller %d: got %q, %v; want %q", id, got.Name, err, want)
			}
		}
	})
}
