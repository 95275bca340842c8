package store_test

import (
	"errors"
	"reflect"
	"slices"
	"testing"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/sqldb"
)

// editOf changes nothing of b but its stock.
func editOf(b catalog.Book, stockChange int64) catalog.Edit {
	return catalog.Edit{
		BookID:      b.ID,
		Version:     b.Version,
		StockChange: stockChange,
		Seller:      catalog.Seller{ID: b.SellerID, Name: b.SellerName},
		Listing:     b.Listing,
		At:          noon.Add(time.Hour),
	}
}

func TestABookComesBackAsItWasListed(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		want := emma()
		want.ID, want.Version = add(t, s, want), 1
		got, err := s.Book(t.Context(), want.ID)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
		}
		if _, err := s.Book(t.Context(), want.ID+1); !errors.Is(err, catalog.ErrBookNotFound) {
			t.Errorf("an unknown book: got %v, want ErrBookNotFound", err)
		}
		wantLedger(t, db)
	})
}

func TestAuthorsAreReadAsTheyWereWritten(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		for _, authors := range [][]string{
			{"Jane Austen"}, {"Simon & Schuster", "<nobody>"}, {`Robert "Bob" Hill`, `back\slash`}, {"José Ángel Peña", `a","b`}, {"two\nlines"}, {""},
		} {
			b := emma()
			b.Authors = authors
			if got := current(t, s, add(t, s, b)); !slices.Equal(got.Authors, authors) {
				t.Errorf("got %q, want %q", got.Authors, authors)
			}
		}
	})
}

func TestAnEditReplacesTheListingAndMovesTheStock(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id := addStock(t, s, 5)
		edit := editOf(current(t, s, id), -2)
		edit.Title, edit.Authors, edit.Price = "Emma, a Novel", []string{"A", "B \"C\""}, 999
		edit.Seller.Name = "Corner Books & Sons"
		if err := s.EditBook(t.Context(), edit); err != nil {
			t.Fatal(err)
		}
		got := current(t, s, id)
		if !reflect.DeepEqual(got.Listing, edit.Listing) || got.Version != 2 || got.Stock != 3 ||
			got.SellerName != "Corner Books & Sons" || !got.UpdatedAt.Equal(edit.At) || !got.CreatedAt.Equal(noon) {
			t.Errorf("got %+v", got)
		}
		wantLedger(t, db)
	})
}

func TestAnEditOfAnOldVersionIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id := addStock(t, s, 5)
		edit := editOf(current(t, s, id), 1)
		if err := s.EditBook(t.Context(), edit); err != nil {
			t.Fatal(err)
		}
		err := s.EditBook(t.Context(), edit)
		if e, _ := apierr.As(err); !errors.Is(err, catalog.ErrVersionConflict) || e.Params["version"] != int64(2) {
			t.Errorf("got %v, want ErrVersionConflict with version 2", err)
		}
		wantStock(t, s, id, 6)
		wantLedger(t, db)
	})
}

func TestAnEditTakesNoMoreCopiesThanThereAre(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id := addStock(t, s, 5)
		reserve(t, s, hold("r-1", of(id, 3)))
		err := s.EditBook(t.Context(), editOf(current(t, s, id), -3))
		if e, _ := apierr.As(err); !errors.Is(err, catalog.ErrStockTooLow) || e.Params["available"] != int64(2) {
			t.Errorf("got %v, want ErrStockTooLow with 2 available", err)
		}
		if err := s.EditBook(t.Context(), editOf(current(t, s, id), -2)); err != nil {
			t.Errorf("taking the rest: %v", err)
		}
		wantStock(t, s, id, 0)
		wantLedger(t, db)
	})
}

func TestADelistedBookIsGoneButAccountedFor(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id := addStock(t, s, 5)
		reserve(t, s, hold("r-1", of(id, 2)))
		if err := s.DelistBook(t.Context(), id, "user:7", noon); err != nil {
			t.Fatal(err)
		}
		wantStock(t, s, id, 0)
		if b, err := s.Book(t.Context(), id); err != nil || !b.DelistedAt.Equal(noon) {
			t.Errorf("reading it: got %+v, %v; want when it was delisted", b, err)
		}
		if err := s.EditBook(t.Context(), editOf(current(t, s, id), 0)); !errors.Is(err, catalog.ErrBookNotFound) {
			t.Errorf("editing it: got %v, want ErrBookNotFound", err)
		}
		if err := s.DelistBook(t.Context(), id, "user:7", noon); !errors.Is(err, catalog.ErrBookNotFound) {
			t.Errorf("delisting it again: got %v, want ErrBookNotFound", err)
		}
		wantRefused(t, s, hold("r-2", of(id, 1)), catalogapi.CodeBookGone)
		if err := s.Release(t.Context(), "r-1", noon); err != nil {
			t.Errorf("releasing its copies: %v", err)
		}
		wantLedger(t, db)
	})
}
