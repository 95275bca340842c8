package site

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
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
		defer close(badge)
		count, err := s.Shop.CartCount(ctx)
		if err == nil {
			badge <- int(count.Count)
		} else if r.Context().Err() == nil {
			slog.InfoContext(ctx, "cart not counted", "error", err)
		}
	}()
	return badge
}

// KeepCartCount remembers in the browser how many books the visitor's cart holds,
// so that the next pages need not ask. Whatever the visitor sends forgets it.
func (s *Site) KeepCartCount(w http.ResponseWriter, r *http.Request, count int) {
	s.setCookie(w, badgeCookie, cartOwner(r)+"."+strconv.Itoa(count), badgeSeconds)
}

// keptCartCount returns what KeepCartCount remembered of this visitor.
func keptCartCount(r *http.Request) (count int, ok bool) {
	owner, text, _ := strings.Cut(cookie(r, badgeCookie), ".")
	count, err := strconv.Atoi(text)
	return count, err == nil && count >= 0 && count <= maxBadge && owner == cartOwner(r) && HasCart(r)
}

// maxBadge is more than a cart holds.
const maxBadge = 1_000_000

// cartOwner tells whose the count of a cart is: a user's, or the guest's.
func cartOwner(r *http.Request) string {
	if user := UserFrom(r); user != nil {
		return strconv.FormatInt(user.ID, 10)
	}
	return "guest"
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

// CartLeft returns an error of kind Unavailable while what the visitor put into a
// cart as a guest is still to be moved into their own: shown without it, that would
// look as if it were lost. Parts of a page, which move nothing, are shown.
func CartLeft(r *http.Request) error {
	if v := visitorFrom(r.Context()); v.session != nil && v.cart != "" && !IsPartial(r) {
		return apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable)
	}
	return nil
}

// HasCart reports whether the visitor can have put something into a cart: users
// can, and guests who have the cookie of one.
func HasCart(r *http.Request) bool {
	v := visitorFrom(r.Context())
	return v.session != nil || v.cart != ""
}
