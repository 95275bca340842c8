package sandbox_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/store"
)

func onBoth(t *testing.T, late time.Duration, test func(t *testing.T, g *sandbox.Gateway)) {
	t.Helper()
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		test(t, sandbox.New(db, "http://shop.test", late, time.Now))
	})
}

func charge(key, card string) shop.Charge {
	return shop.Charge{
		Key: key, OrderNumber: "AAAA-BBBB", Method: shop.MethodCard, Amount: 1000, Currency: "USD",
		Card: &shop.Card{Number: card, ExpMonth: 1, ExpYear: 2090, CVC: "123"},
	}
}

func want(t *testing.T, state shop.PaymentState) func(shop.Outcome, error) {
	t.Helper()
	return func(got shop.Outcome, err error) {
		t.Helper()
		if err != nil || got.State != state {
			t.Errorf("got %+v, %v; want %s", got, err, state)
		}
	}
}

func TestEveryCallMayBeRepeated(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, g *sandbox.Gateway) {
		ctx := t.Context()
		for range 2 {
			want(t, shop.PaymentAuthorised)(g.Begin(ctx, charge("1", sandbox.CardPays)))
		}
		for range 2 {
			want(t, shop.PaymentCaptured)(g.Capture(ctx, "1"))
		}
		want(t, shop.PaymentCaptured)(g.Begin(ctx, charge("1", sandbox.CardPays)))
		want(t, shop.PaymentCaptured)(g.Void(ctx, "1"))
		for range 2 {
			if err := g.Refund(ctx, "1", "refund", 600); err != nil {
				t.Error(err)
			}
		}
		if err := g.Refund(ctx, "1", "another", 401); err == nil {
			t.Error("more was refunded than was captured")
		}
		if err := g.Refund(ctx, "1", "another", 400); err != nil {
			t.Error(err)
		}
		if err := g.Refund(ctx, "1", "refund", 600); err != nil {
			t.Errorf("repeating a refund of a charge that is refunded in full: %v", err)
		}
	})
}

func TestVoidingAnUnknownKeyMakesALateBeginFail(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, g *sandbox.Gateway) {
		ctx := t.Context()
		want(t, shop.PaymentUnknown)(g.Lookup(ctx, "1"))
		want(t, shop.PaymentVoided)(g.Void(ctx, "1"))
		want(t, shop.PaymentVoided)(g.Begin(ctx, charge("1", sandbox.CardPays)))
		want(t, shop.PaymentVoided)(g.Capture(ctx, "1"))
	})
}

func TestOfVoidAndCaptureOneWins(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, g *sandbox.Gateway) {
		for round := range 20 {
			key := fmt.Sprint("round-", round)
			want(t, shop.PaymentAuthorised)(g.Begin(t.Context(), charge(key, sandbox.CardPays)))
			var captured, voided shop.Outcome
			var group sync.WaitGroup
			group.Go(func() { captured, _ = g.Capture(t.Context(), key) })
			group.Go(func() { voided, _ = g.Void(t.Context(), key) })
			group.Wait()
			if captured.State != voided.State {
				t.Errorf("capture says %s, void says %s", captured.State, voided.State)
			}
		}
	})
}

func TestALateCardIsDecidedWhetherOrNotAnybodyWaits(t *testing.T) {
	onBoth(t, 300*time.Millisecond, func(t *testing.T, g *sandbox.Gateway) {
		impatient, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := g.Begin(impatient, charge("1", sandbox.CardLate)); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want no answer in time", err)
		}
		want(t, shop.PaymentAuthorised)(g.Begin(t.Context(), charge("2", sandbox.CardLate)))
		want(t, shop.PaymentAuthorised)(g.Lookup(t.Context(), "1"))
		want(t, shop.PaymentDeclined)(g.Begin(t.Context(), charge("3", sandbox.CardLateDeclined)))
	})
}

func TestNothingOfACardIsKept(t *testing.T) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		g := sandbox.New(db, "http://shop.test", 0, time.Now)
		want(t, shop.PaymentDeclined)(g.Begin(t.Context(), charge("1", "5555555555554444")))
		rows, err := db.Writer().QueryContext(t.Context(), "SELECT * FROM sandbox_charges")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		columns, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			values, targets := make([]sql.NullString, len(columns)), make([]any, len(columns))
			for i := range values {
				targets[i] = &values[i]
			}
			if err := rows.Scan(targets...); err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				if strings.Contains(v.String, "4444") || strings.Contains(v.String, "5555") {
					t.Errorf("column %s holds %q", columns[i], v.String)
				}
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	})
}
