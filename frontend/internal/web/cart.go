package web

import (
	"net/http"
	"strconv"

	"bookstore/frontend/internal/view"
	"bookstore/shared/apierr"
	"bookstore/shared/money"
	"bookstore/shared/shopapi"
)

// showCart answers GET /cart.
func (s *Server) showCart(w http.ResponseWriter, r *http.Request) error {
	cart, err := s.loadCart(r)
	if err != nil {
		return err
	}
	return s.renderCart(w, r, http.StatusOK, view.NewCart(cart))
}

// addToCart answers POST /cart: so many copies of a book more.
func (s *Server) addToCart(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	bookID, err := strconv.ParseInt(form.Value("book_id"), 10, 64)
	if err != nil || bookID < 1 {
		return apierr.Field("book_id", "bad_format")
	}
	quantity, err := readQuantity(form)
	if err != nil {
		return s.addRefused(w, r, err)
	}
	s.ensureCart(w, r)
	cart, err := s.Shop.SetCartLine(s.call(r), bookID, shopapi.SetCartLine{Quantity: quantity, Add: true})
	if err != nil {
		return s.addRefused(w, r, err)
	}
	if isPartial(r) {
		p := s.page(r, "")
		return s.render(w, r, http.StatusOK, nil, view.CartAdded(p, int(cart.Count)))
	}
	s.flash(w, view.FlashSuccess, "flash.cart_added")
	return s.redirect(w, r, "/cart")
}

// setCartLine answers POST /cart/lines/{id}: another number of copies.
func (s *Server) setCartLine(w http.ResponseWriter, r *http.Request) error {
	bookID, err := pathID(r)
	if err != nil {
		return err
	}
	form, err := readForm(r)
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
	if !isPartial(r) {
		return s.redirect(w, r, "/cart")
	}
	return s.renderCart(w, r, http.StatusOK, view.NewCart(cart))
}

// removeCartLine answers POST /cart/lines/{id}/remove.
func (s *Server) removeCartLine(w http.ResponseWriter, r *http.Request) error {
	bookID, err := pathID(r)
	if err != nil {
		return err
	}
	cart, err := s.Shop.RemoveCartLine(s.call(r), bookID)
	if err != nil {
		return s.cartRefused(w, r, err)
	}
	if !isPartial(r) {
		s.flash(w, view.FlashInfo, "flash.cart_removed")
		return s.redirect(w, r, "/cart")
	}
	shown := view.NewCart(cart)
	shown.Notice = words(r).T("flash.cart_removed")
	return s.renderCart(w, r, http.StatusOK, shown)
}

// addRefused says why a book is not in the cart: on the page it was to be added
// from, or above the cart as it is.
func (s *Server) addRefused(w http.ResponseWriter, r *http.Request, err error) error {
	e, ok := apierr.As(err)
	if !ok || !isPartial(r) || !mendable(e) {
		return s.cartRefused(w, r, err)
	}
	said := &view.Flash{Kind: view.FlashError, Text: s.cartSentence(r, e)}
	return s.render(w, r, e.GetStatus(), nil, view.FlashPartial(said))
}

// mendable tells whether the visitor can do something about a refusal.
func mendable(e *apierr.Error) bool {
	return e.Kind == apierr.KindInvalid || e.Kind == apierr.KindConflict || e.Kind == apierr.KindNotFound
}

// cartRefused shows the cart as it is, and why the change was refused.
func (s *Server) cartRefused(w http.ResponseWriter, r *http.Request, err error) error {
	e, ok := apierr.As(err)
	if !ok || !mendable(e) {
		return err
	}
	cart, loadErr := s.loadCart(r)
	if loadErr != nil {
		return err
	}
	shown := view.NewCart(cart)
	shown.Error = s.cartSentence(r, e)
	return s.renderCart(w, r, e.GetStatus(), shown)
}

// cartSentence says why a line could not be changed.
func (s *Server) cartSentence(r *http.Request, e *apierr.Error) string {
	if len(e.Fields) > 0 {
		return s.fieldSentence(words(r), e.Fields[0])
	}
	if available, ok := number(e.Params, "available"); ok && e.Code == "out_of_stock" && available > 0 {
		return words(r).N("cart.problem.out_of_stock", int(available))
	}
	return sentence(words(r), e)
}

func (s *Server) renderCart(w http.ResponseWriter, r *http.Request, status int, cart view.Cart) error {
	p := s.page(r, words(r).T("cart.title"))
	p.CartCount = int(cart.Count)
	return s.render(w, r, status, view.CartPage(p, cart), view.CartAnswer(p, cart))
}

// loadCart returns the visitor's cart. A guest who put nothing in has none.
func (s *Server) loadCart(r *http.Request) (shopapi.Cart, error) {
	if v := visitorFrom(r.Context()); v.session == nil && v.cart == "" {
		return shopapi.Cart{Subtotal: money.New(0, s.Currency)}, nil
	}
	return s.Shop.Cart(s.call(r))
}

// readQuantity returns the number of copies in a form; one if it says nothing.
func readQuantity(form view.Form) (int64, error) {
	text := form.Value("quantity")
	if text == "" {
		return 1, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		return 0, apierr.Field("quantity", "bad_format")
	case n < 1:
		return 0, apierr.Field("quantity", "too_small", "min", 1)
	case n > shopapi.MaxQuantity:
		return 0, apierr.Field("quantity", "too_large", "max", shopapi.MaxQuantity)
	}
	return n, nil
}
