package selling

import (
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/shared/shopapi"

	"golang.org/x/sync/errgroup"
)

// showBalance answers GET /selling/balance.
func (s pages) showBalance(w http.ResponseWriter, r *http.Request) error {
	var (
		view  BalanceView
		sales shopapi.Sales
		calls errgroup.Group
	)
	ctx := s.Call(r)
	calls.Go(func() (err error) { view.Balance, err = s.Shop.Balance(ctx); return err })
	calls.Go(func() (err error) {
		sales, err = s.Shop.Sales(ctx, shopapi.SaleQuery{Cursor: r.URL.Query().Get("cursor")})
		return err
	})
	if err := calls.Wait(); err != nil {
		return err
	}
	view.Sales, view.Next = sales.Items, site.NextURL(r, sales.NextCursor)
	return s.Render(w, r, http.StatusOK, BalancePage(s.Page(r, site.Words(r).T("balance.title")), view), nil)
}
