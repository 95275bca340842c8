package store_test

import (
	"testing"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/sqldb"
)

func TestOldChangesAreForgotten(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		id := addStock(t, s, 1)
		for hour := range 5 {
			edit := editOf(current(t, s, id), 0)
			edit.At = noon.Add(time.Duration(hour) * time.Hour)
			if err := s.EditBook(t.Context(), edit); err != nil {
				t.Fatal(err)
			}
		}
		cut := noon.Add(3 * time.Hour)
		for _, want := range []int64{2, 1, 0} {
			if n, err := s.ForgetChanges(t.Context(), cut, 2); err != nil || n != want {
				t.Errorf("forgot %d, %v, want %d", n, err, want)
			}
		}
		left, err := s.Changes(t.Context(), catalog.Positions{}, 10)
		if err != nil || len(left) != 2+1 { // with the stock that was listed
			t.Errorf("left: %+v, %v", left, err)
		}
	})
}
