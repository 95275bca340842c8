package store_test

import (
	"slices"
	"strings"
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
func walk(t *testing.T, s *store.Store, q catalog.Query, limit int, between func()) []catalog.Book {
	t.Helper()
	q.Limit = limit
	var all []catalog.Book
	for {
		books, err := service(s).Books(t.Context(), catalog.Caller{}, q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		if (q.Cursor == "") != (books.Total > 0) {
			t.Errorf("%+v: total %d on this page", q, books.Total)
		}
		all = append(all, books.Items...)
		if books.NextCursor == "" {
			return all
		}
		q.Cursor = books.NextCursor
		between()
	}
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
				q := catalog.Query{Sort: sort, Text: text}
				got := walk(t, s, q, 4, func() {})
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
		got := walk(t, s, catalog.Query{Text: "emma"}, 5, func() {})
		if len(got) != 11 || got[0].Title != "Emma" || got[10].Title != "Emma 2" {
			t.Errorf("by relevance: %v", ids(got))
		}
	})
}

func TestPagesStayStableWhileBooksAreListed(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		stockMany(t, s)
		for _, q := range []catalog.Query{{Sort: catalog.SortNewest}, {Text: "emma"}, {Sort: catalog.SortTitle}} {
			before := ids(walk(t, s, q, 100, func() {}))
			during := ids(walk(t, s, q, 3, func() { add(t, s, emma()) }))
			during = slices.DeleteFunc(during, func(id int64) bool { return !slices.Contains(before, id) })
			if !slices.Equal(during, before) {
				t.Errorf("%+v: got %v, want %v", q, during, before)
			}
		}
	})
}

func TestFiltersSelect(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		stockMany(t, s)
		all := walk(t, s, catalog.Query{}, 100, func() {})
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
			"isbn":      {catalog.Filter{ISBN: "0-14-143958-0"}, func(catalog.Book) bool { return true }},
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
				books, err := service(s).Books(t.Context(), catalog.Caller{}, catalog.Query{Filter: c.filter, Text: text, Sort: catalog.SortNewest, Limit: 100})
				if err != nil || !slices.Equal(ids(books.Items), want) || books.Total != len(want) {
					t.Errorf("%s %q: got %v of %d, %v; want %v", name, text, ids(books.Items), books.Total, err, want)
				}
			}
		}
	})
}

func TestCategoriesCountWhatCanBeBought(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		stockMany(t, s)
		want := map[string]int64{}
		for _, b := range walk(t, s, catalog.Query{}, 100, func() {}) {
			if b.Stock > 0 {
				want[b.Category]++
			}
		}
		counts, err := service(s).Categories(t.Context(), false)
		if err != nil || len(counts) < 16 {
			t.Fatalf("got %v, %v", counts, err)
		}
		for _, c := range counts {
			if c.Books != want[c.Slug] {
				t.Errorf("%s: got %d, want %d", c.Slug, c.Books, want[c.Slug])
			}
		}
		if !slices.IsSortedFunc(counts, func(a, b catalog.CategoryCount) int { return strings.Compare(a.Slug, b.Slug) }) {
			t.Error("categories are not in order")
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
