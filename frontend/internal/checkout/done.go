package checkout

import (
	"context"
	"log/slog"
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/shared/shopapi"

	"github.com/gorilla/mux"
)

// doneURL is the last step of the checkout of an order.
func doneURL(orderID string) string { return "/orders/" + orderID + "/done" }

// showDone answers GET /orders/{id}/done: the order is paid, and what happens
// next. Orders that are not paid have a page that says how they stand.
func (s pages) showDone(w http.ResponseWriter, r *http.Request) error {
	email := make(chan string, 1)
	go func() { email <- s.ownEmail(r) }()
	order, err := s.Shop.Order(s.Call(r), mux.Vars(r)["id"])
	if err != nil {
		return err
	}
	if order.State != shopapi.OrderPaid {
		return s.Redirect(w, r, "/orders/"+order.ID)
	}
	p := s.Page(r, site.Words(r).T("done.title"))
	return s.Render(w, r, http.StatusOK, DonePage(p, Done{Order: order, Email: <-email}), nil)
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
