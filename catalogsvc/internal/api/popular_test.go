package api_test

import (
	"testing"
	"time"

	"bookstore/shared/catalogapi"
	"bookstore/shared/token"
)

func TestWhatSellsBestIsPopularAsLongAsThereIsACopy(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		sell := func(id string, b catalogapi.Book, copies int64) {
			t.Helper()
			lines := []catalogapi.ReservationLine{{BookID: b.ID, Quantity: copies, Price: b.Price.Amount}}
			if _, err := w.service.Reserve(t.Context(), id, catalogapi.Reserve{ExpiresAt: time.Now().Add(time.Minute), Lines: lines}); err != nil {
				t.Fatal(err)
			}
			if _, err := w.service.Commit(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		owner := w.as(t, token.Seller, 1)
		gone, some, most, unsold := w.list(t, owner, emma()), w.list(t, owner, emma()), w.list(t, owner, emma()), w.list(t, owner, emma())
		if none, err := w.PopularBooks(t.Context()); err != nil || len(none.Items) != 0 {
			t.Errorf("before anything is sold: %v, %v", none, err)
		}
		sell("r-1", some, 1)
		sell("r-2", gone, gone.Stock)
		sell("r-3", most, 3)
		popular, err := w.PopularBooks(t.Context())
		if err != nil || len(popular.Items) != 2 || popular.Items[0].ID != most.ID || popular.Items[1].ID != some.ID {
			t.Errorf("got %v, %v, want %d and %d, not %d that is gone or %d", popular, err, most.ID, some.ID, gone.ID, unsold.ID)
		}
	})
}
