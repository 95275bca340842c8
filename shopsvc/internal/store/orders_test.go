package store_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/store"
)

// The state of an order says what payments it has. Read one after the other,
// the two could be of different moments.
func TestAnOrderIsReadAsItWasAtOneMoment(t *testing.T) {
	const changes = 300
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		s := store.New(db, []byte("a key that no database holds at all"))
		sell(t, db)
		ctx, stop := context.WithCancel(t.Context())
		var readers sync.WaitGroup
		for range 4 {
			readers.Go(func() {
				for ctx.Err() == nil {
					o, err := s.Order(t.Context(), soldOrder)
					if errors.Is(err, shop.ErrBusy) {
						continue
					}
					if err != nil || len(o.Payments) > 0 && o.Captured != o.Payments[0].Captured {
						t.Errorf("an order with %d captured has the payments %v (%v)", o.Captured, o.Payments, err)
						return
					}
				}
			})
		}
		change(t, s, changes)
		stop()
		readers.Wait()
	})
}

// change gives an order a payment and then changes both together.
func change(t *testing.T, s *store.Store, times int) {
	t.Helper()
	o, err := s.Order(t.Context(), soldOrder)
	if err != nil {
		t.Fatal(err)
	}
	p := &shop.Payment{ID: "payment", State: shop.PaymentStarted, Method: shop.MethodCard, CreatedAt: time.Now()}
	o.Changes = shop.Changes{Payments: []*shop.Payment{p}}
	for i := range times {
		if err := s.SaveOrder(t.Context(), o); err != nil {
			t.Error(err)
			return
		}
		p.State, p.Captured, o.Captured = shop.PaymentPending, int64(i), int64(i)
	}
}
