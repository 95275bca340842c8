package store_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/sqldb"
)

func TestACoverAndAnEditDoNotDisturbEachOther(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id, key := addStock(t, s, 5), strings.Repeat("c0", 32)
		form := editOf(current(t, s, id), 1)
		for range 2 {
			if err := s.SetCover(t.Context(), id, key, noon.Add(time.Minute)); err != nil {
				t.Fatal(err)
			}
		}
		if got := current(t, s, id); got.Cover != key || got.Version != form.Version || !got.UpdatedAt.Equal(noon.Add(time.Minute)) {
			t.Errorf("got %+v", got)
		}
		if err := s.EditBook(t.Context(), form); err != nil {
			t.Errorf("an edit that began before: %v", err)
		}
		if got := current(t, s, id); got.Cover != key || got.Stock != 6 {
			t.Errorf("after the edit: %+v", got)
		}
		if err := s.SetCover(t.Context(), id, "", noon); err != nil || current(t, s, id).Cover != "" {
			t.Errorf("removing it: %v", err)
		}
		wantLedger(t, db)
	})
}

func TestACoverThatStaysAsItIsWritesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		id := addStock(t, s, 5)
		for _, key := range []string{"", strings.Repeat("c0", 32)} {
			if err := s.SetCover(t.Context(), id, key, noon); err != nil {
				t.Fatal(err)
			}
			if err := s.SetCover(t.Context(), id, key, noon.Add(time.Hour)); err != nil || !current(t, s, id).UpdatedAt.Equal(noon) {
				t.Errorf("cover %q: changed at %v (%v), want %v", key, current(t, s, id).UpdatedAt, err, noon)
			}
		}
	})
}

func TestOnlyABookOnOfferGetsACover(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		id := addStock(t, s, 5)
		if err := s.DelistBook(t.Context(), id, "user:7", noon); err != nil {
			t.Fatal(err)
		}
		for _, id := range []int64{id, id + 1} {
			if err := s.SetCover(t.Context(), id, "", noon); !errors.Is(err, catalog.ErrBookNotFound) {
				t.Errorf("book %d: got %v, want ErrBookNotFound", id, err)
			}
		}
	})
}
