package checkout

import (
	"cmp"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bookstore/frontend/internal/cart"
	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/money"
	"bookstore/shared/shopapi"

	"golang.org/x/sync/errgroup"
)

// showCheckout answers GET /checkout. A script asks again with the country and
// providers in the query when the buyer changes one of them.
func (s pages) showCheckout(w http.ResponseWriter, r *http.Request) error {
	if err := site.CartLeft(r); err != nil {
		return err
	}
	var (
		buyersCart shopapi.Cart
		providers  shopapi.DeliveryProviders
		form       ui.Form
		calls      errgroup.Group
	)
	ctx := s.Call(r)
	calls.Go(func() (err error) { buyersCart, err = s.Shop.Cart(ctx); return err })
	calls.Go(func() (err error) { providers, err = s.Shop.DeliveryProviders(ctx); return err })
	calls.Go(func() error { form = s.checkoutForm(r); return nil })
	if err := calls.Wait(); err != nil {
		return err
	}
	if len(buyersCart.Lines) == 0 || !cart.New(buyersCart).Ready() {
		return s.Redirect(w, r, "/cart")
	}
	return s.renderCheckout(w, r, http.StatusOK, newCheckout(r, buyersCart, providers, form))
}

// checkoutForm is filled in with what is known: the query of a script, or the
// address that the buyer used last. A link that somebody else made fills in
// nothing: it would bring that person's address into the buyer's form.
func (s pages) checkoutForm(r *http.Request) ui.Form {
	if site.IsPartial(r) {
		return ui.Form{Values: r.URL.Query()}
	}
	address := shopapi.Address{Name: site.UserFrom(r).Name, Country: s.Country(r)}
	orders, err := s.Shop.Orders(s.Call(r), shopapi.OrderQuery{Limit: 1})
	if err != nil {
		slog.InfoContext(r.Context(), "last address not found", "error", err)
	} else if len(orders.Items) > 0 {
		address = orders.Items[0].Address
	}
	return ui.NewForm(
		"name", address.Name, "line1", address.Line1, "line2", address.Line2,
		"city", address.City, "region", address.Region, "postal_code", address.PostalCode,
		"country", address.Country, "phone", address.Phone)
}

// placeOrder answers POST /checkout.
func (s pages) placeOrder(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	if form.Value("update") != "" { // a browser without scripts asks for the new total
		return s.checkoutAgain(w, r, http.StatusOK, *form, nil)
	}
	seen, err := readSeenLines(form)
	if err != nil {
		return err
	}
	total, err := readSeenAmount(form, totalField)
	if err != nil {
		return err
	}
	deliveries, err := s.readDeliveries(r, form, seen)
	if err != nil {
		return err
	}
	form.FieldOf = func(field string) string { return checkoutField(field, deliveries) }
	form.Order = checkoutOrder(form.Value("country"), seen)
	s.BlameAlso(r, form, addressFaults(form))
	doubtAddress(r, form)
	if err := form.Err(); err != nil {
		return err
	}
	order, err := s.Shop.PlaceOrder(s.Call(r), form.Value("checkout_key"), shopapi.PlaceOrder{
		Lines: placeLines(seen), Deliveries: deliveries, Address: readAddress(form), Total: total,
		Language: site.Words(r).Lang(),
	})
	if err != nil {
		return s.orderRefused(w, r, form, seen, err)
	}
	return s.Redirect(w, r, "/orders/"+order.ID+"/payment")
}

// orderRefused says what is wrong, with the figures as they are now.
func (s pages) orderRefused(w http.ResponseWriter, r *http.Request, form *ui.Form, seen []seenLine, err error) error {
	if e, ok := apierr.As(err); ok && e.Code == catalogapi.CodeLinesChanged {
		return s.checkoutAgain(w, r, e.GetStatus(), *form, e.Fields, seen...)
	}
	if site.IsCode(err, shopapi.CodeCartChanged) || site.IsCode(err, apierr.CodeIdempotencyKeyReused) {
		form.Problem = site.Words(r).T("checkout.cart_changed")
		return form.Err()
	}
	return err
}

func (s pages) showAgain(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	return s.checkoutAgain(w, r, status, form, nil)
}

// checkoutAgain shows the checkout with what was typed. Changed are the lines
// among those seen, the deliveries and the total that are no longer as the
// buyer saw them.
func (s pages) checkoutAgain(w http.ResponseWriter, r *http.Request, status int, form ui.Form, changed []apierr.FieldError, seen ...seenLine) error {
	var (
		buyersCart shopapi.Cart
		providers  shopapi.DeliveryProviders
		calls      errgroup.Group
	)
	ctx := s.Call(r)
	calls.Go(func() (err error) { buyersCart, err = s.Shop.Cart(ctx); return err })
	calls.Go(func() (err error) { providers, err = s.Shop.DeliveryProviders(ctx); return err })
	if err := calls.Wait(); err != nil {
		return err
	}
	if len(buyersCart.Lines) == 0 { // bought already, perhaps in another window
		return s.Redirect(w, r, "/orders")
	}
	checkout := newCheckout(r, buyersCart, providers, form)
	for _, f := range changed {
		checkout.Changes = append(checkout.Changes, s.changeSentence(r, buyersCart, seen, f))
	}
	return s.renderCheckout(w, r, status, checkout)
}

func (s pages) renderCheckout(w http.ResponseWriter, r *http.Request, status int, c Checkout) error {
	p := s.Page(r, site.Words(r).T("checkout.title"))
	p.CartCount = int(c.Count)
	c.Form.Labels = addressLabels(&p, c.Form.Value("country"))
	for _, g := range c.Groups {
		c.Form.Labels[ProviderField(g.SellerID)] = p.T("checkout.delivery_from", "Seller", g.SellerName)
	}
	return s.Render(w, r, status, CheckoutPage(p, c), CheckoutAnswer(p, c))
}

// newCheckout arranges the page. Each seller's delivery is the buyer's choice,
// or the cheapest that serves the country; what was chosen for another country
// was no choice.
func newCheckout(r *http.Request, buyersCart shopapi.Cart, providers shopapi.DeliveryProviders, form ui.Form) Checkout {
	lang := site.Words(r).Lang()
	shown := cart.New(buyersCart)
	before := form.Value("delivery_country")
	moved := before != "" && before != form.Value("country")
	c := Checkout{
		Key:       buyersCart.CheckoutKey,
		Countries: ui.Countries(lang),
		Home:      ui.CountryName(lang, providers.HomeCountry),
		Form:      form,
		Count:     buyersCart.Count,
		Subtotal:  buyersCart.Subtotal,
		Delivery:  buyersCart.Subtotal.Times(0),
		Ready:     shown.Ready(),
		Scripted:  site.IsPartial(r),
		Moved:     moved,
	}
	for _, g := range shown.Groups {
		chosen := form.Value(ProviderField(g.SellerID))
		if moved {
			chosen = ""
		}
		options, gone := deliveryOptions(providers, form.Value("country"), chosen)
		for _, o := range options {
			if o.Chosen {
				c.Delivery = c.Delivery.Add(o.Cost)
			}
		}
		c.Groups = append(c.Groups, CheckoutGroup{Group: g, Options: options, Gone: gone})
	}
	c.Total = c.Subtotal.Add(c.Delivery)
	if moved {
		c.Before = readBefore(form, c)
	}
	return c
}

// readBefore returns the costs that the form showed when the buyer chose another
// country, nil if they can't be read or nobody delivers to the new one.
func readBefore(form ui.Form, c Checkout) *Costs {
	total, err := readSeenAmount(&form, totalField)
	if total == nil || err != nil {
		return nil
	}
	before := Costs{Delivery: c.Subtotal.Times(0), Total: money.New(*total, c.Total.Currency)}
	for _, g := range c.Groups {
		provider, _ := strconv.ParseInt(form.Value(ProviderField(g.SellerID)), 10, 64)
		cost, err := readSeenAmount(&form, costField(g.SellerID, provider))
		if cost == nil || err != nil || !g.served() {
			return nil
		}
		before.Delivery = before.Delivery.Add(money.New(*cost, before.Total.Currency))
	}
	return &before
}

// deliveryOptions lists the providers that are offered, the cheapest first.
// One that serves the country is chosen: the buyer's choice, or the cheapest.
// Gone reports whether the buyer's choice is no longer offered.
func deliveryOptions(providers shopapi.DeliveryProviders, country, chosen string) (options []DeliveryOption, gone bool) {
	for _, d := range providers.Items {
		if d.Active {
			serves := d.Coverage == shopapi.CoverageInternational || country == providers.HomeCountry
			options = append(options, DeliveryOption{DeliveryProvider: d, Serves: serves})
		}
	}
	slices.SortStableFunc(options, func(a, b DeliveryOption) int { return cmp.Compare(a.Cost.Amount, b.Cost.Amount) })
	wanted := func(o DeliveryOption) bool { return o.Serves && fmt.Sprint(o.ID) == chosen }
	pick := slices.IndexFunc(options, wanted)
	if pick < 0 {
		pick = slices.IndexFunc(options, func(o DeliveryOption) bool { return o.Serves })
	}
	if pick >= 0 {
		options[pick].Chosen = true
	}
	isChosen := func(o DeliveryOption) bool { return fmt.Sprint(o.ID) == chosen }
	return options, chosen != "" && !slices.ContainsFunc(options, isChosen)
}

// checkoutField returns the form's name for a field of the order.
func checkoutField(field string, deliveries []shopapi.DeliveryChoice) string {
	if name, ok := strings.CutPrefix(field, "address."); ok {
		return name
	}
	if i, ok := index(field, "deliveries"); ok && i < len(deliveries) {
		return ProviderField(deliveries[i].SellerID)
	}
	return field
}
