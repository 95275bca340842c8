package checkout

import (
	"context"
	"log/slog"
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/shared/shopapi"
)

// showDone says that an order is paid, and what happens next.
func (s pages) showDone(w http.ResponseWriter, r *http.Request, order shopapi.Order) error {
	if site.IsPartial(r) { // a script that waited learns that it was paid
		return s.Redirect(w, r, "/orders/"+order.ID+"/payment")
	}
	done := Done{Order: order}
	if order.SendsMail {
		done.Email = s.ownEmail(r)
	}
	p := s.Page(r, site.Words(r).T("done.title"))
	return s.Render(w, r, http.StatusOK, DonePage(p, done), nil)
}

// ownEmail returns the address to which the visitor's mails go, "" if it can't
// be known at the moment.
func (s pages) ownEmail(r *http.Request) string {
	ctx, cancel := context.WithTimeout(s.Call(r), site.OrnamentTimeout)
	defer cancel()
	me, err := s.Auth.Me(ctx)
	if err != nil {
		slog.InfoContext(ctx, "address of mails not shown", "error", err)
	}
	return me.Email
}
