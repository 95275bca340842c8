package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/sqldb"
)

// editing is a book that a seller looks at and edits while a copy of it is in a
// checkout.
type editing struct {
	*store.Store
	book  catalog.Book // as the seller saw it
	order string
	// what the seller types
	change int64 // of the stock that was shown
	price  int64
}

func (s *editing) edit(ctx context.Context) error {
	edit := editOf(s.book, s.change)
	edit.Price = s.price
	return s.EditBook(ctx, edit)
}

func (s *editing) reserve(ctx context.Context) error {
	_, err := s.Reserve(ctx, hold(s.order, of(s.book.ID, 1)), noon)
	return err
}

func (s *editing) commit(ctx context.Context) error {
	_, err := s.Commit(ctx, s.order, noon)
	return err
}

func (s *editing) release(ctx context.Context) error { return s.Release(ctx, s.order, noon) }

func (s *editing) restock(ctx context.Context) error {
	return s.Restock(ctx, s.order, "all", []catalog.Return{{BookID: s.book.ID, Quantity: 1}}, noon)
}

// checkouts are the steps of a checkout: the last of each races with the edit,
// those before come after the seller has seen the page.
var checkouts = map[string][]func(*editing, context.Context) error{
	"reserve": {(*editing).reserve},
	"commit":  {(*editing).reserve, (*editing).commit},
	"release": {(*editing).reserve, (*editing).release},
	"restock": {(*editing).reserve, (*editing).commit, (*editing).restock},
}

// A seller who changes the stock that a page has shown changes it by as much
// as they meant, whatever a checkout does to it before and meanwhile.
func TestSellersEditRacesWithEachStepOfACheckout(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		rounds, won := 0, map[string]int{}
		for name, steps := range checkouts {
			for stock := range int64(4) {
				for change := -stock; change <= 2; change++ {
					for _, price := range []int64{emma().Price, emma().Price + 100} {
						if stock == 0 && len(steps) > 1 {
							continue // there is nothing to check out
						}
						rounds++
						b := &editing{
							Store: s, book: current(t, s, addStock(t, s, stock)),
							order: fmt.Sprint("r-", rounds), change: change, price: price,
						}
						b.race(t, name, steps, won)
						wantLedger(t, db)
						if t.Failed() {
							t.Fatalf("%s: %d in stock, changed by %d, price %d", name, stock, change, price)
						}
					}
				}
			}
		}
		t.Logf("%d rounds: %v", rounds, won)
		if rounds < 100 {
			t.Errorf("only %d rounds were run", rounds)
		}
	})
}

// race runs the last step against the edit and checks what came of both.
func (s *editing) race(t *testing.T, name string, steps []func(*editing, context.Context) error, won map[string]int) {
	t.Helper()
	last := len(steps) - 1
	for _, step := range steps[:last] {
		if err := step(s, t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	errs := together(2, func(i int) error {
		if i == 0 {
			return s.edit(t.Context())
		}
		return steps[last](s, t.Context())
	})
	edit, step := errs[0], errs[1]
	left, taken := s.book.Stock, map[string]int64{"reserve": 1, "commit": 1}[name]
	if edit == nil {
		left += s.change
	}
	if step == nil {
		left -= taken
	}
	wantStock(t, s.Store, s.book.ID, left)
	switch {
	case edit == nil && step == nil:
		won["both"]++
	case edit == nil && refused(step, catalogapi.CodeOutOfStock) && min(s.book.Stock, left) == 0,
		edit == nil && refused(step, catalogapi.CodePriceChanged) && s.price != s.book.Price:
		won["the edit"]++
	case errors.Is(edit, catalog.ErrStockTooLow) && step == nil && s.book.Stock-1 < -s.change:
		won["the checkout"]++
	default:
		t.Errorf("edit: %v, %s: %v", edit, name, step)
	}
}

// refused reports whether a reservation of one line failed for this reason.
func refused(err error, code string) bool {
	e, ok := apierr.As(err)
	return ok && errors.Is(e, catalog.ErrLinesChanged) && len(e.Fields) == 1 && e.Fields[0].Code == code
}
