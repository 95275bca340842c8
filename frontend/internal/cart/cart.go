package cart

import (
	"context"
	"net/http"
	"strconv"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/money"
	"bookstore/shared/shopapi"
)

// showCart answers GET /cart.
func (s pages) showCart(w http.ResponseWriter, r *http.Request) error {
	if err := site.CartLeft(r); err != nil {
		return err
	}
	cart, err := s.loadCart(r)
	if err != nil {
		return err
	}
	return s.renderCart(w, r, http.StatusOK, New(cart))
}

// countCart answers GET /cart/count, which a page asks that the browser brought
// back: its badge.
func (s pages) countCart(w http.ResponseWriter, r *http.Request) error {
	if !site.IsPartial(r) {
		return s.Redirect(w, r, "/cart")
	}
	var count shopapi.CartCount
	if site.HasCart(r) {
		var err error
		if count, err = s.Shop.CartCount(s.Call(r)); err != nil {
			return err
		}
	}
	s.KeepCartCount(w, r, int(count.Count))
	badge := ui.CartCount(s.Page(r, ""), int(count.Count))
	return s.Render(w, r, http.StatusOK, badge, badge)
}

// addToCart answers POST /cart: so many copies of a book more.
func (s pages) addToCart(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	bookID, err := strconv.ParseInt(form.Value("book_id"), 10, 64)
	if err != nil || bookID < 1 {
		return apierr.Field("book_id", apierr.CodeBadFormat)
	}
	quantity, err := readQuantity(form)
	if err != nil {
		return s.addRefused(w, r, err)
	}
	s.EnsureCart(w, r)
	cart, err := s.Shop.SetCartLine(s.Call(r), bookID, shopapi.SetCartLine{Quantity: quantity, Add: true})
	if err != nil {
		return s.addRefused(w, r, err)
	}
	s.KeepCartCount(w, r, int(cart.Count))
	if site.IsPartial(r) {
		p := s.Page(r, "")
		return s.Render(w, r, http.StatusOK, nil, CartAdded(p, int(cart.Count)))
	}
	s.Flash(w, ui.FlashSuccess, "flash.cart_added")
	return s.Redirect(w, r, "/cart")
}

// setCartLine answers POST /cart/lines/{id}: another number of copies.
func (s pages) setCartLine(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	bookID, err := site.PathID(r)
	if err != nil {
		return err
	}
	quantity, err := readQuantity(form)
	if err != nil {
		return s.cartRefused(w, r, err)
	}
	switch form.Value("step") {
	case "1":
		quantity = min(quantity+1, shopapi.MaxQuantity)
	case "-1":
		quantity = max(quantity-1, 1)
	}
	cart, err := s.Shop.SetCartLine(s.call(r), bookID, shopapi.SetCartLine{Quantity: quantity})
	if err != nil {
		return s.cartRefused(w, r, err)
	}
	if !site.IsPartial(r) {
		return s.Redirect(w, r, "/cart")
	}
	return s.renderCart(w, r, http.StatusOK, New(cart))
}

// removeCartLine answers POST /cart/lines/{id}/remove.
func (s pages) removeCartLine(w http.ResponseWriter, r *http.Request, _ *ui.Form) error {
	bookID, err := site.PathID(r)
	if err != nil {
		return err
	}
	cart, err := s.Shop.RemoveCartLine(s.call(r), bookID)
	if err != nil {
		return s.cartRefused(w, r, err)
	}
	if !site.IsPartial(r) {
		s.Flash(w, ui.FlashInfo, "flash.cart_removed")
		return s.Redirect(w, r, "/cart")
	}
	shown := New(cart)
	shown.Notice = site.Words(r).T("flash.cart_removed")
	return s.renderCart(w, r, http.StatusOK, shown)
}

// addRefused says why a book is not in the cart: on the page it was to be added
// from, or above the cart as it is.
func (s pages) addRefused(w http.ResponseWriter, r *http.Request, err error) error {
	e, ok := apierr.As(err)
	if !ok || !site.IsPartial(r) || !isFixable(e) {
		return s.cartRefused(w, r, err)
	}
	said := &ui.Flash{Kind: ui.FlashError, Text: s.cartSentence(r, e)}
	return s.Render(w, r, e.GetStatus(), nil, ui.FlashPartial(s.Page(r, ""), said))
}

// isFixable reports whether the visitor can do something about a refusal.
func isFixable(e *apierr.Error) bool {
	return e.Kind == apierr.KindInvalid || e.Kind == apierr.KindConflict || e.Kind == apierr.KindNotFound
}

// cartRefused shows the cart as it is, and why the change was refused.
func (s pages) cartRefused(w http.ResponseWriter, r *http.Request, err error) error {
	e, ok := apierr.As(err)
	if !ok || !isFixable(e) {
		return err
	}
	cart, loadErr := s.loadCart(r)
	if loadErr != nil {
		return err
	}
	shown := New(cart)
	shown.Error = s.cartSentence(r, e)
	return s.renderCart(w, r, e.GetStatus(), shown)
}

// cartSentence says why a line could not be changed.
func (s pages) cartSentence(r *http.Request, e *apierr.Error) string {
	if len(e.Fields) > 0 {
		return s.FieldSentence(site.Words(r), e.Fields[0])
	}
	if available, ok := site.ErrorNumber(e.Params, "available"); ok && e.Code == shopapi.CodeOutOfStock && available > 0 {
		return site.Words(r).N("cart.problem.out_of_stock", int(available))
	}
	return site.Sentence(site.Words(r), e)
}

func (s pages) renderCart(w http.ResponseWriter, r *http.Request, status int, cart Cart) error {
	p := s.Page(r, site.Words(r).T("cart.title"))
	p.CartCount = int(cart.Count)
	s.KeepCartCount(w, r, p.CartCount)
	return s.Render(w, r, status, CartPage(p, cart), CartAnswer(p, cart))
}

// loadCart returns the visitor's cart. A guest who put nothing in has none.
func (s pages) loadCart(r *http.Request) (shopapi.Cart, error) {
	if !site.HasCart(r) {
		return shopapi.Cart{Subtotal: money.New(0, s.Currency)}, nil
	}
	return s.Shop.Cart(s.call(r))
}

// call is Call for carts that say what delivery to the visitor's country costs.
func (s pages) call(r *http.Request) context.Context {
	return shopapi.WithCountry(s.Call(r), s.Country(r))
}

// readQuantity returns the number of copies in a form; one if it says nothing.
func readQuantity(form *ui.Form) (int64, error) {
	text := form.Value("quantity")
	if text == "" {
		return 1, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return 0, apierr.Field("quantity", apierr.CodeBadFormat)
	case n < 1:
		return 0, apierr.Field("quantity", apierr.CodeTooSmall, "min", 1)
	case n > shopapi.MaxQuantity:
		return 0, apierr.Field("quantity", apierr.CodeTooLarge, "max", shopapi.MaxQuantity)
	}
	return n, nil
}
