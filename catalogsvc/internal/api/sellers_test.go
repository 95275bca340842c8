package api_test

import (
	"testing"

	"bookstore/shared/catalogapi"
	"bookstore/shared/token"
)

func (w *world) tell(t *testing.T, seller int64, state catalogapi.Seller) {
	t.Helper()
	if err := w.service.PutSeller(t.Context(), seller, state); err != nil {
		t.Fatalf("say of seller %d %+v: %v", seller, state, err)
	}
}

func (w *world) total(t *testing.T, q catalogapi.BookQuery) int {
	t.Helper()
	books, err := w.Books(t.Context(), q)
	if err != nil {
		t.Fatalf("list %+v: %v", q, err)
	}
	return len(books.Items)
}

func TestTheBooksOfASuspendedSellerLeaveTheShopAndComeBack(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		owner := w.as(t, token.Seller, 1)
		kept, removed := w.list(t, owner, emma()), w.list(t, owner, emma())
		other := w.list(t, w.as(t, token.Seller, 2), emma())

		w.tell(t, 1, catalogapi.Seller{Name: "Corner Books", Version: 2})
		for _, q := range []catalogapi.BookQuery{{}, {Q: "emma"}, {ISBN: "9780141439587"}, {Category: "classics"}, {IDs: []int64{kept.ID, other.ID}}} {
			if n := w.total(t, q); n != 1 {
				t.Errorf("%+v: %d books, want that of the other seller alone", q, n)
			}
		}
		_, err := w.Book(t.Context(), kept.ID)
		wantCode(t, "get a suspended seller's book", err, catalogapi.CodeBookNotFound)
		_, err = w.service.Reserve(t.Context(), "r-1", hold(kept.ID, 1))
		wantCode(t, "reserve a suspended seller's book", err, catalogapi.CodeLinesChanged)
		_, err = w.CreateBook(owner, emma())
		wantCode(t, "list a book with a token from before", err, catalogapi.CodeSellerSuspended)
		if err := w.DeleteBook(w.as(t, token.Admin, 9), removed.ID); err != nil {
			t.Errorf("an admin removes a listing of a suspended seller: %v", err)
		}

		w.tell(t, 1, catalogapi.Seller{Name: "Corner Books", MaySell: true, Version: 1})
		if _, err := w.Book(t.Context(), kept.ID); err == nil {
			t.Error("an older word brought the listings back")
		}
		w.tell(t, 1, catalogapi.Seller{Name: "Corner Books", MaySell: true, Version: 3})
		if back, err := w.Book(t.Context(), kept.ID); err != nil || back.Stock != kept.Stock {
			t.Errorf("the listing after the suspension: %d copies, %v; want %d", back.Stock, err, kept.Stock)
		}
		if n := w.total(t, catalogapi.BookQuery{Q: "emma"}); n != 2 {
			t.Errorf("a search finds %d books, want the kept one and the other seller's", n)
		}
		_, err = w.Book(t.Context(), removed.ID)
		wantCode(t, "get a listing that was removed meanwhile", err, catalogapi.CodeBookNotFound)
	})
}

func TestARenamedShopHasItsNewNameOnEveryListing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		owner := w.as(t, token.Seller, 1)
		old := w.list(t, owner, emma())
		w.tell(t, 1, catalogapi.Seller{Name: "Corner Books & Sons", MaySell: true, Version: 1})
		fresh := w.list(t, owner, emma()) // the look-up still answers the old name
		for _, id := range []int64{old.ID, fresh.ID} {
			if b, err := w.Book(t.Context(), id); err != nil || b.SellerName != "Corner Books & Sons" {
				t.Errorf("book %d is sold by %q, %v", id, b.SellerName, err)
			}
		}
	})
}

func TestCopiesReservedBeforeASuspensionComeBackWithTheListing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		b := w.list(t, w.as(t, token.Seller, 1), emma())
		if _, err := w.service.Reserve(t.Context(), "r-1", hold(b.ID, 1)); err != nil {
			t.Fatal(err)
		}
		w.tell(t, 1, catalogapi.Seller{Name: "Corner Books", Version: 1})
		if err := w.service.Release(t.Context(), "r-1"); err != nil {
			t.Fatal(err)
		}
		w.tell(t, 1, catalogapi.Seller{Name: "Corner Books", MaySell: true, Version: 2})
		if back, err := w.Book(t.Context(), b.ID); err != nil || back.Stock != b.Stock {
			t.Errorf("%d copies on the shelf, %v; want %d", back.Stock, err, b.Stock)
		}
	})
}
