package site

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"bookstore/shared/apierr"
)

// badgeTimeout bounds what a page waits for its cart's badge.
const badgeTimeout = 700 * time.Millisecond

// mergeTimeout bounds what a page waits for a guest's cart to be merged.
const mergeTimeout = time.Second

// startBadge begins to ask how many books the visitor's cart holds, beside the
// Page's own calls. A page without an answer has no badge.
func (s *Site) startBadge(r *http.Request) <-chan int {
	v := visitorFrom(r.Context())
	if IsPartial(r) || v.session == nil && v.cart == "" {
		return nil
	}
	badge := make(chan int, 1)
	ctx, cancel := context.WithTimeout(s.Call(r), badgeTimeout)
	go func() {
		defer cancel()
		count, err := s.Shop.CartCount(ctx)
		if err != nil && r.Context().Err() == nil {
			slog.InfoContext(ctx, "cart not counted", "error", err)
		}
		badge <- int(count.Count)
	}()
	return badge
}

// MergeCart moves the cart that the visitor filled as a guest into their own.
// If shopsvc can't do it now, the cookie stays and the next page tries again.
func (s *Site) MergeCart(w http.ResponseWriter, r *http.Request) {
	v := visitorFrom(r.Context())
	if v.session == nil || v.cart == "" {
		return
	}
	ctx, cancel := context.WithTimeout(s.Call(r), mergeTimeout)
	defer cancel()
	_, err := s.Shop.MergeCart(ctx, v.cart)
	if err != nil {
		slog.WarnContext(r.Context(), "guest's cart not merged", "error", err)
	}
	refused := apierr.IsKind(err, apierr.KindInvalid) || apierr.IsKind(err, apierr.KindNotFound)
	if err != nil && !refused {
		return
	}
	v.cart = ""
	s.expireCookie(w, cartCookie)
}

// mergeLeftCart makes up for a merge that failed when the visitor signed in.
func (s *Site) mergeLeftCart(w http.ResponseWriter, r *http.Request) {
	if !IsPartial(r) {
		s.MergeCart(w, r)
	}
}

// HasCart reports whether the visitor can have put something into a cart: users
// can, and guests who have the cookie of one.
func HasCart(r *http.Request) bool {
	v := visitorFrom(r.Context())
	return v.session != nil || v.cart != ""
}
