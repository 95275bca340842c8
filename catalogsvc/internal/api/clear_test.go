package api_test

import (
	"testing"

	"bookstore/catalogsvc/internal/api"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
)

func TestAllListingsGoOnlyForAnAdminOfAShopThatAllowsIt(t *testing.T) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		guarded, open := newWorld(t, db), newWorldWith(t, db, api.Config{AllowReset: true})
		w := open
		seller, other := w.as(t, token.Seller, 1), w.as(t, token.Seller, 2)
		w.list(t, seller, emma())
		hidden := w.list(t, other, emma())
		suspend := catalogapi.Seller{Name: "Attic Finds", MaySell: false, Version: 1}
		if err := w.service.PutSeller(t.Context(), 2, suspend); err != nil {
			t.Fatal(err)
		}

		_, err := guarded.ClearBooks(guarded.as(t, token.Admin, 9))
		wantCode(t, "where no setting allows it", err, apierr.CodeForbidden)
		if e, ok := apierr.As(err); !ok || e.Params["setting"] != "ALLOW_RESET" {
			t.Errorf("got %v, want the setting to be named", err)
		}
		_, err = w.ClearBooks(seller)
		wantCode(t, "a seller", err, apierr.CodeForbidden)
		_, err = w.ClearBooks(t.Context())
		wantCode(t, "nobody", err, apierr.CodeUnauthenticated)

		for _, want := range []int{2, 0} {
			if got, err := w.ClearBooks(w.as(t, token.Admin, 9)); err != nil || got.Books != want {
				t.Errorf("got %+v, %v; want %d listings to go", got, err, want)
			}
		}
		suspend.MaySell, suspend.Version = true, 2
		if err := w.service.PutSeller(t.Context(), 2, suspend); err != nil {
			t.Fatal(err)
		}
		_, err = w.Book(other, hidden.ID)
		wantCode(t, "a listing of a seller who comes back", err, catalogapi.CodeBookNotFound)
	})
}
