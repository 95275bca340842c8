package api_test

import (
	"math"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/token"
)

func hold(book, quantity int64) catalogapi.Reserve {
	return catalogapi.Reserve{
		ExpiresAt: time.Now().Add(15 * time.Minute),
		Lines:     []catalogapi.ReservationLine{{BookID: book, Quantity: quantity, Price: emma().Price}},
	}
}

func reserve(t *testing.T, w *world, id string, book, quantity int64) {
	t.Helper()
	r, err := w.service.Reserve(t.Context(), id, hold(book, quantity))
	if err != nil || r.State != catalogapi.ReservationHeld || r.ID != id {
		t.Fatalf("reserve %s: got %+v, %v", id, r, err)
	}
}

func wantStock(t *testing.T, w *world, book, want int64) {
	t.Helper()
	if b, err := w.Book(t.Context(), book); err != nil || b.Stock != want {
		t.Errorf("stock: got %d, %v; want %d", b.Stock, err, want)
	}
}

func TestTheLifeOfAReservation(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		book := w.list(t, w.as(t, token.Seller, 1), emma()).ID
		ctx := t.Context()

		reserve(t, w, "r-1", book, 2)
		reserve(t, w, "r-1", book, 2)
		wantStock(t, w, book, 3)
		for range 2 {
			r, err := w.service.Commit(ctx, "r-1")
			if err != nil || r.State != catalogapi.ReservationCommitted || len(r.Lines) != 1 || r.Lines[0].Quantity != 2 {
				t.Fatalf("commit: got %+v, %v", r, err)
			}
		}
		wantCode(t, "release of a sale", w.service.Release(ctx, "r-1"), catalogapi.CodeReservationCommitted)
		back := catalogapi.Restock{Key: "shipment", Lines: []catalogapi.RestockLine{{BookID: book, Quantity: 1}}}
		for range 2 {
			wantCode(t, "restock", w.service.Restock(ctx, "r-1", back), "")
		}
		wantStock(t, w, book, 4)
		back.Key, back.Lines[0].Quantity = "other", 2
		wantCode(t, "restock of too many", w.service.Restock(ctx, "r-1", back), catalogapi.CodeRestockTooLarge)

		reserve(t, w, "r-2", book, 4)
		wantCode(t, "restock of a hold", w.service.Restock(ctx, "r-2", back), catalogapi.CodeReservationHeld)
		_, err := w.service.Reserve(ctx, "r-3", hold(book, 1))
		e, _ := apierr.As(err)
		if e == nil || e.Code != catalogapi.CodeLinesChanged || len(e.Fields) != 1 || e.Fields[0].Code != catalogapi.CodeOutOfStock ||
			e.Fields[0].Field != "lines[0]" || e.Fields[0].Params["available"] != 0.0 || e.Fields[0].Params["title"] != "Emma" {
			t.Errorf("reserve of what is held: got %v", err)
		}
		for range 2 {
			wantCode(t, "release", w.service.Release(ctx, "r-2"), "")
		}
		wantStock(t, w, book, 4)
		_, err = w.service.Commit(ctx, "r-2")
		wantCode(t, "commit of what was released", err, catalogapi.CodeReservationReleased)
		_, err = w.service.Commit(ctx, "r-9")
		wantCode(t, "commit of nothing", err, catalogapi.CodeReservationNotFound)

		wantCode(t, "release before its reserve", w.service.Release(ctx, "r-4"), "")
		_, err = w.service.Reserve(ctx, "r-4", hold(book, 1))
		wantCode(t, "late reserve", err, catalogapi.CodeReservationReleased)
		_, err = w.service.Reserve(ctx, "r-1", hold(book, 1))
		wantCode(t, "other lines", err, catalogapi.CodeReservationDiffers)
		wantStock(t, w, book, 4)
	})
}

func TestHostileReservationsNameTheirField(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		book := w.list(t, w.as(t, token.Seller, 1), emma()).ID
		for quantity, code := range map[int64]string{0: apierr.CodeTooSmall, -1: apierr.CodeTooSmall, 1001: apierr.CodeTooLarge, math.MaxInt64: apierr.CodeTooLarge} {
			_, err := w.service.Reserve(t.Context(), "r-1", hold(book, quantity))
			wantField(t, "reserve", err, "lines[0].quantity", code)
			err = w.service.Restock(t.Context(), "r-1", catalogapi.Restock{Key: "k", Lines: []catalogapi.RestockLine{{BookID: book, Quantity: quantity}}})
			wantField(t, "restock", err, "lines[0].quantity", code)
		}
		err := w.service.Restock(t.Context(), "r-1", catalogapi.Restock{Key: "k ", Lines: []catalogapi.RestockLine{{BookID: book, Quantity: 1}}})
		wantField(t, "an odd key", err, "key", apierr.CodeNotAllowed)
		_, err = w.service.Reserve(t.Context(), "r-1", hold(0, 1))
		wantField(t, "no book", err, "lines[0].book_id", apierr.CodeTooSmall)
		twice := hold(book, 1)
		twice.Lines = append(twice.Lines, twice.Lines[0])
		_, err = w.service.Reserve(t.Context(), "r-1", twice)
		wantField(t, "a book twice", err, "lines[1].book_id", apierr.CodeDuplicate)
		_, err = w.service.Reserve(t.Context(), "r-1", catalogapi.Reserve{ExpiresAt: time.Now(), Lines: []catalogapi.ReservationLine{}})
		wantField(t, "no lines", err, "lines", apierr.CodeRequired)
		_, err = w.service.Reserve(t.Context(), "r 1'", hold(book, 1))
		wantField(t, "an odd id", err, "id", apierr.CodeBadFormat)
		_, err = w.service.Reserve(t.Context(), "r-1", hold(9999, 1))
		wantCode(t, "a book that is not there", err, catalogapi.CodeLinesChanged)
		wantStock(t, w, book, 5)
	})
}
