package store_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/search"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/sqldb"
)

// indexedBefore gives a book the tokens that an older release made of its
// title: those of folded, and knows nothing of formats.
func indexedBefore(t *testing.T, db *sqldb.DB, id int64, folded string) {
	t.Helper()
	words := strings.Join(search.Words(folded), " ")
	for _, c := range []struct {
		statement string
		args      []any
	}{
		{"UPDATE books SET search_format = NULL, search_version = NULL, sort_title = ? WHERE id = ?", []any{search.SortKey(folded), id}},
		{"UPDATE book_search SET words = ?, title_words = ? WHERE rowid = ?", []any{words, " " + words + " ", id}},
	} {
		if _, err := db.Writer().ExecContext(t.Context(), c.statement, c.args...); err != nil {
			t.Fatal(err)
		}
	}
}

// reindexAll takes two rounds at once.
func reindexAll(t *testing.T, s *store.Store) {
	t.Helper()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for last, more := int64(0), true; more; more = last > 0 {
				var err error
				if last, err = s.Reindex(t.Context(), last, 2); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

func TestBooksOfAnOlderFormatAreIndexedAnew(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		titled := func(title string) int64 {
			b := emma()
			b.Title = title
			return add(t, s, b)
		}
		papa, haha, gone := titled("パパ"), titled("ハハ"), titled("ババ")
		indexedBefore(t, db, papa, "ハハ") // the mark was taken for an accent
		indexedBefore(t, db, gone, "ハハ")
		if err := s.DelistBook(t.Context(), gone, "user:7", noon); err != nil {
			t.Fatal(err)
		}
		before := current(t, s, papa)

		reindexAll(t, s)
		if got := titles(t, s, "ハハ"); !slices.Equal(got, []string{"ハハ"}) {
			t.Errorf("ハハ finds %q", got)
		}
		if got := titles(t, s, "パパ"); !slices.Equal(got, []string{"パパ"}) {
			t.Errorf("パパ finds %q", got)
		}
		if got := titles(t, s, "ババ"); got != nil {
			t.Errorf("a delisted book is found: %q", got)
		}
		if after := current(t, s, papa); after.Version != before.Version || !after.UpdatedAt.Equal(before.UpdatedAt) {
			t.Errorf("the book itself changed: %+v", after)
		}
		byTitle, err := s.Find(t.Context(), catalog.Selection{Sort: catalog.SortTitle, Limit: 10})
		if err != nil || len(byTitle.Places) != 2 || byTitle.Places[0].ID != haha {
			t.Errorf("by title: %+v, %v, want ハハ first", byTitle.Places, err)
		}

		// The release before edits a book that was indexed anew.
		if _, err := db.Writer().ExecContext(t.Context(), "UPDATE books SET title = 'ガス', version = version + 1 WHERE id = ?", papa); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Writer().ExecContext(t.Context(), "UPDATE book_search SET words = ? WHERE rowid = ?", strings.Join(search.Words("カス"), " "), papa); err != nil {
			t.Fatal(err)
		}
		reindexAll(t, s)
		if got := titles(t, s, "ガス"); !slices.Equal(got, []string{"ガス"}) {
			t.Errorf("after the edit ガス finds %q", got)
		}
		if got := titles(t, s, "カス"); got != nil {
			t.Errorf("after the edit カス finds %q", got)
		}
	})
}

func TestARoundOfIndexingTakesAllBooksAndOnlyThoseThatNeedIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		ids := make([]int64, 5)
		for i := range ids {
			ids[i] = add(t, s, emma())
			indexedBefore(t, db, ids[i], "old")
		}
		edit := editOf(current(t, s, ids[4]), 0)
		if err := s.EditBook(t.Context(), edit); err != nil { // makes its tokens itself
			t.Fatal(err)
		}
		var steps []int64
		for last := int64(0); ; {
			var err error
			if last, err = s.Reindex(t.Context(), last, 2); err != nil {
				t.Fatal(err)
			}
			steps = append(steps, last)
			if last == 0 {
				break
			}
		}
		if !slices.Equal(steps, []int64{ids[1], ids[3], 0}) {
			t.Errorf("steps ended at %v", steps)
		}
		if got := titles(t, s, "emma"); len(got) != 5 {
			t.Errorf("found %q", got)
		}
	})
}
