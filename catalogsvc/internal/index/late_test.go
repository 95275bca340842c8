package index_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/index"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/apierr"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
)

// SQLite has one writer at a time: nothing commits late there.
func TestAnEntryThatCommitsAfterALaterOneIsSeen(t *testing.T) {
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: sqldbtest.NewMySQL(t)}, store.Migrations)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	s := newShop(t, db, 3)
	err = s.db.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		for _, statement := range []string{
			"INSERT INTO book_changes (book_id, created_at) VALUES (1, 0)",
			"UPDATE books SET title = 'Late', version = version + 1 WHERE id = 1",
		} {
			if _, err := tx.ExecContext(ctx, statement); err != nil {
				return err
			}
		}
		s.change(t, 1)
		b, err := s.CurrentBook(t.Context(), 2)
		if err != nil {
			return err
		}
		edit := catalog.Edit{BookID: 2, Version: b.Version, Seller: catalog.Seller{ID: b.SellerID, Name: "N"}, Listing: b.Listing, At: time.Now()}
		if err := s.EditBook(t.Context(), edit); err != nil {
			return err
		}
		follow(t, s.live)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	follow(t, s.live)
	if found, err := s.live.Find(t.Context(), selection("late")); err != nil || len(found.Places) != 1 {
		t.Errorf("found %+v, %v", found, err)
	}
}

// selection is a search for one word.
func selection(word string) catalog.Selection {
	words := []string{"zz" + word}
	return catalog.Selection{Search: &catalog.Search{Words: words, Title: words}, Sort: catalog.SortRelevance, Limit: 10}
}

func TestWhatTheLogsWereNotToldIsFoundByTheCheck(t *testing.T) {
	onBoth(t, 20, func(t *testing.T, s *shop) {
		for _, statement := range []string{
			"UPDATE books SET title = 'Unlogged', version = version + 1 WHERE id = 3",
			"UPDATE books SET delisted_at = 1 WHERE id = 4",
			"UPDATE books SET stock = 1 - (CASE WHEN stock > 0 THEN 1 ELSE 0 END) WHERE id = 5",
		} {
			if _, err := s.db.Writer().ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		follow(t, s.live)
		if found, _ := s.live.Find(t.Context(), selection("unlogged")); len(found.Places) != 0 {
			t.Error("the log was told")
		}
		for range 2 {
			if _, err := s.live.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if found, err := s.live.Find(t.Context(), selection("unlogged")); err != nil || len(found.Places) != 1 {
			t.Errorf("found %+v, %v", found, err)
		}
		inStock := catalog.Selection{Filter: catalog.Filter{InStock: true}, Sort: catalog.SortNewest, Limit: 100}
		got, _ := s.live.Find(t.Context(), inStock)
		want, _ := s.Find(t.Context(), inStock)
		if !slices.Equal(got.Places, want.Places) {
			t.Errorf("in stock: got %v, want %v", got, want)
		}
	})
}

// TestPagesHoldAcrossInstances turns pages that two instances serve in turn, of
// which one is behind.
func TestPagesHoldAcrossInstances(t *testing.T) {
	onBoth(t, 120, func(t *testing.T, s *shop) {
		behind := s.newLive(t)
		changed := map[int64]bool{}
		for range 15 {
			s.list(t)
			id := s.ids[s.IntN(100)]
			b, err := s.CurrentBook(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			_ = s.EditBook(t.Context(), catalog.Edit{BookID: id, Version: b.Version, Seller: catalog.Seller{ID: b.SellerID, Name: "N"}, Listing: s.listing(), At: time.Now()})
			changed[id], changed[s.ids[len(s.ids)-1]] = true, true
		}
		follow(t, s.live)
		unchanged := func(finders ...catalog.Finder) func(q catalog.Query) []int64 {
			return func(q catalog.Query) (ids []int64) {
				for _, page := range s.pages(t, q, finders...) {
					for _, b := range page.Items {
						if !changed[b.ID] {
							ids = append(ids, b.ID)
						}
					}
				}
				return ids
			}
		}
		for range 60 {
			q := s.query()
			if got, want := unchanged(s.live, behind)(q), unchanged(s.live)(q); !slices.Equal(got, want) {
				t.Fatalf("%+v: got %v, want %v", q, got, want)
			}
		}
	})
}

func TestSearchesGoOnBesideChanges(t *testing.T) {
	onBoth(t, 60, func(t *testing.T, s *shop) {
		s.live = index.NewLive(s.Store, filepath.Join(t.TempDir(), "snapshot"), time.Now)
		follow(t, s.live)
		var queries []catalog.Query
		for range 50 {
			queries = append(queries, s.query())
		}
		done := make(chan struct{})
		var searches sync.WaitGroup
		for range 3 {
			searches.Go(func() {
				service := catalog.NewService(s.Store, s.live, nobody{}, time.Now)
				for i := 0; ; i++ {
					select {
					case <-done:
						return
					default:
					}
					q := queries[i%len(queries)]
					q.Fresh = i%5 == 0
					if _, err := service.Books(t.Context(), catalog.Caller{}, q); err != nil {
						t.Errorf("%+v: %v", q, err)
						return
					}
				}
			})
		}
		for n := range 20 {
			s.change(t, n)
			follow(t, s.live)
			if _, err := s.live.Save(t.Context()); err != nil {
				t.Error(err)
			}
		}
		close(done)
		searches.Wait()
		s.wantSame(t, 20)
	})
}

// stuck is a store whose searches take as long as its channel is open.
type stuck struct {
	index.Source
	open chan struct{}
}

func (s stuck) Find(context.Context, catalog.Selection) (catalog.Found, error) {
	<-s.open
	return catalog.Found{}, nil
}

func TestMoreSearchesThanCanWaitAreRefusedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := stuck{open: make(chan struct{})}
		live := index.NewLive(store, "", time.Now)
		var mu sync.Mutex
		var refused, served int
		begun := time.Now()
		search := func() {
			_, err := live.Find(t.Context(), catalog.Selection{})
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				served++
			} else if apierr.IsKind(err, apierr.KindUnavailable) && time.Since(begun) == 0 {
				refused++
			}
		}
		var searches sync.WaitGroup
		for range 1000 {
			searches.Go(search)
		}
		synctest.Wait()
		if mu.Lock(); refused == 0 || refused > 990 || served > 0 {
			t.Errorf("%d of 1000 were refused, %d served", refused, served)
		}
		mu.Unlock()
		close(store.open)
		searches.Wait()
		if served+refused != 1000 {
			t.Errorf("%d of 1000 were served, %d refused", served, refused)
		}
	})
}

func TestUntilTheIndexIsReadyTheStoreAnswers(t *testing.T) {
	onBoth(t, 30, func(t *testing.T, s *shop) {
		begins := s.live
		s.live = index.NewLive(s.Store, "", time.Now)
		if s.live.Ready() || !begins.Ready() {
			t.Error("ready before the books were read, or not after")
		}
		s.wantSame(t, 20)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if _, err := s.live.Follow(ctx); !errors.Is(err, context.Canceled) && !strings.Contains(err.Error(), "canceled") || s.live.Ready() {
			t.Errorf("a build that was stopped: %v, ready %v", err, s.live.Ready())
		}
	})
}
