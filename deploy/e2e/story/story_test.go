// Package story proves that people can sell, buy and look after a shop in a real
// browser, with and without scripts.
package story

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bookstore/deploy/internal/browser"
	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
)

// The whole story of a sale is told twice on each database, with scripts and
// without them, over two frontends that take turns. It must read the same to
// the visitors and leave the same rows behind.
func TestASellerSellsAndABuyerBuysWithAndWithoutScripts(t *testing.T) {
	chromium := browser.Start(t)
	for _, db := range shoptest.DatabaseKinds {
		t.Run(db, func(t *testing.T) {
			told := map[bool]string{}
			for _, noScript := range []bool{false, true} {
				t.Run(scripts(noScript), func(t *testing.T) {
					s := shoptest.OpenOn(t, db, cluster.Options{Frontends: 2})
					story{t: t, shop: s, noScript: noScript}.tell(chromium)
					told[noScript] = rowsLeft(t, s)
				})
			}
			if told[false] != told[true] {
				t.Errorf("the rows differ.\nWith scripts:\n%s\nWithout:\n%s", told[false], told[true])
			}
		})
	}
}

func scripts(off bool) string {
	if off {
		return "without scripts"
	}
	return "with scripts"
}

type story struct {
	t        *testing.T
	shop     *shoptest.Shop
	noScript bool
}

func (s story) tell(chromium *browser.Browser) {
	options := browser.Options{NoScript: s.noScript}
	seller := chromium.NewVisitor(s.t, s.shop.URL, options)
	buyer := chromium.NewVisitor(s.t, s.shop.URL, options)
	administrator := chromium.NewVisitor(s.t, s.shop.URL, options)

	s.startsSelling(seller)
	s.listsABook(seller)
	s.findsTheBook(buyer)
	s.fillsTheCartAsAGuest(buyer)
	s.registersAtTheCheckout(buyer)
	s.placesTheOrder(buyer)
	s.isDeclinedAndPays(buyer)
	s.dispatches(seller)
	s.followsTheParcel(buyer)
	s.looksAfterTheShop(administrator)
}

// look checks the page that a visitor is at. Without scripts axe can't run,
// but the pages are the same.
func (s story) look(v *browser.Visitor) {
	s.t.Helper()
	if !s.noScript {
		v.CheckAccessibility()
	}
}

func (s story) startsSelling(v *browser.Visitor) {
	v.Open("/")
	s.look(v)
	v.Open("/register")
	s.look(v)
	v.Fill("name", "Sam Seller")
	v.Fill("email", "seller@example.com")
	v.Fill("password", "qwertyuiop")
	v.Click("Create account")
	v.SeeElement(".error-summary")
	s.look(v)
	if got := v.Value("email"); got != "seller@example.com" {
		s.t.Errorf("the form forgot the address: %q", got)
	}
	v.Fill("password", "a long enough one")
	v.Click("Create account")
	v.See("Sam Seller")
	v.Open("/selling")
	s.look(v)
	v.Fill("seller_name", "Second Story Books")
	v.Click("Start selling")
	v.ArriveAt("/selling/books")
	v.See("You have no books on offer")
	s.look(v)
}

func (s story) listsABook(v *browser.Visitor) {
	v.Open("/selling/books")
	v.Click("Add a book")
	v.ArriveAt("/selling/books/new")
	s.look(v)
	v.Fill("title", "The Time Machine")
	v.Fill("authors", "H. G. Wells")
	v.Fill("isbn", "978-0-14-143997-7")
	v.Fill("year", "1895")
	v.Fill("publisher", "Penguin Classics")
	v.Fill("category", "science-fiction")
	v.Fill("language", "en")
	v.Click("Very good small signs of wear")
	v.Fill("price", "8.50")
	v.Fill("stock", "2")
	v.Upload("cover", s.photo())
	if !s.noScript {
		v.SeePicture("[data-chosen]")
	}
	v.Click("Save")
	v.SeeElement(".error-summary") // the ISBN's last digit is wrong
	v.See("choose the picture again")
	s.look(v)
	if got := v.Value("title"); got != "The Time Machine" {
		s.t.Errorf("the form forgot the title: %q", got)
	}
	v.Fill("isbn", "978-0-14-143997-6")
	v.Upload("cover", s.photo())
	v.Click("Save")
	v.ArriveAt("/selling/books")
	v.See("The Time Machine")
	v.SeePicture(`.table-book img[src$=".jpg"]`)
	v.See("$8.50")
	s.look(v)
}

// photo returns the file of a picture of the seller's copy.
func (s story) photo() string {
	s.t.Helper()
	m := image.NewGray(image.Rect(0, 0, 900, 1200))
	for i := range m.Pix {
		m.Pix[i] = uint8(i % 256)
	}
	var data bytes.Buffer
	if err := jpeg.Encode(&data, m, nil); err != nil {
		s.t.Fatal(err)
	}
	name := filepath.Join(s.t.TempDir(), "photo.jpg")
	if err := os.WriteFile(name, data.Bytes(), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return name
}

func (s story) findsTheBook(v *browser.Visitor) {
	v.Open("/books")
	v.See("The Time Machine")
	s.look(v)
	v.Fill("q", "time mach")
	if s.noScript {
		v.ClickElement(".site-search button")
	}
	v.See("Results for “time mach”")
	v.See("The Time Machine")
	s.look(v)
	v.Open("/books?q=time+mach")
	v.See("1 book")
	v.ClickElement(`#books a[href^="/books/"]`)
	v.ArriveAt("/books/")
	v.SeeElement(".buy-box")
	v.Back() // to the whole page, not to what was fetched into it
	v.See("1 book")
	v.SeeElement(".site-search button")
	v.ClickElement(`#books a[href^="/books/"]`)
	v.ArriveAt("/books/")
	v.SeeElement(".buy-box")
	v.See("Second Story Books")
	v.SeePicture(`.book-page-cover img[src$=".jpg"]`)
	s.look(v)
}

func (s story) fillsTheCartAsAGuest(v *browser.Visitor) {
	v.Click("Add to cart")
	v.See("Added to your cart")
	v.Open("/cart")
	v.See("The Time Machine")
	v.SeePicture(`.cart-line img[src$=".jpg"]`)
	s.look(v)
	v.Click("Checkout")
}

func (s story) registersAtTheCheckout(v *browser.Visitor) {
	v.ArriveAt("/login")
	s.look(v)
	v.Click("Create an account")
	v.ArriveAt("/register")
	v.Fill("name", "Bea Buyer")
	v.Fill("email", "buyer@example.com")
	v.Fill("password", "a long enough one")
	v.Click("Create account")
	v.ArriveAt("/checkout")
	v.See("The Time Machine")
	s.look(v)
}

func (s story) placesTheOrder(v *browser.Visitor) {
	v.Fill("name", "Bea Buyer")
	v.Fill("line1", "Calle 10 # 5-51")
	v.Fill("city", "Bogotá")
	v.Fill("region", "Bogotá")
	v.Fill("country", "CO")
	v.Click("Servientrega Within Colombia $2.50")
	v.Click("Place order and pay")
	v.ArriveAt("/orders/")
	v.See("How do you want to pay?")
	v.See("$11.00")
	v.See("(in ") // so long are the books kept
	if inShopsZone := v.Shows(" UTC "); inShopsZone != s.noScript {
		s.t.Errorf("the deadline is written in the shop's time zone: %t", inShopsZone)
	}
	s.look(v)
}

func (s story) isDeclinedAndPays(v *browser.Visitor) {
	s.typesACard(v, "4000000000000002")
	v.See("Your bank declined the card")
	s.look(v)
	for _, field := range []string{"number", "cvc"} {
		if got := v.Value(field); got != "" {
			s.t.Errorf("the form shows the card's %s again: %q", field, got)
		}
	}
	s.typesACard(v, "4242424242424242")
	v.See("Your order is paid")
	v.See("The seller accepts the order by")
	v.See("$11.00")
	v.See("Second Story Books")
	s.look(v)
}

func (s story) typesACard(v *browser.Visitor, number string) {
	v.ClickElement(`label:has(input[name=method][value=card])`)
	v.Fill("number", number)
	v.Fill("expiry", "12/99")
	v.Fill("cvc", "123")
	v.Click("Pay $11.00")
}

func (s story) dispatches(v *browser.Visitor) {
	v.Open("/selling/orders")
	v.See("The Time Machine")
	s.look(v)
	v.ClickElement("table a")
	v.ArriveAt("/selling/orders/")
	v.See("Calle 10 # 5-51")
	s.look(v)
	v.Fill("tracking_number", "SV-20260-CO")
	v.ClickElement(`form[action$="/dispatch"] button`)
	v.See("Dispatched")
	v.See("SV-20260-CO")
	s.look(v)
	v.Open("/selling/balance")
	v.See("$11.00")
	s.look(v)
}

func (s story) followsTheParcel(v *browser.Visitor) {
	v.Open("/orders")
	v.See("$11.00")
	s.look(v)
	v.ClickElement(".order-card a")
	v.ArriveAt("/orders/")
	v.See("On its way")
	v.See("SV-20260-CO")
	s.look(v)
	v.Open("/account")
	v.See("Bea Buyer")
	s.look(v)
	v.Open("/no/such/page")
	s.look(v)
}

func (s story) looksAfterTheShop(v *browser.Visitor) {
	v.Open("/login")
	v.Fill("email", shoptest.Admin.Email)
	v.Fill("password", shoptest.Admin.Password)
	v.ClickElement("main form button[type=submit]")
	v.See(shoptest.Admin.Name)
	for page, text := range map[string]string{
		"/admin/users":              "buyer@example.com",
		"/admin/orders":             "$11.00",
		"/admin/delivery-providers": "Servientrega",
		"/admin/mails":              "buyer@example.com",
		"/admin/audit":              "Changes",
		"/admin/commission":         "No commission",
	} {
		v.Open(page)
		v.See(text)
		s.look(v)
	}
	v.Open("/admin/commission")
	v.Fill("basis_points", "8.5")
	v.ClickElement("main form button[type=submit]")
	v.See("To come")
	s.look(v)
}

// rowsLeft describes what a story left in the three databases, without what
// differs from one telling to the next: ids, times and secrets.
func rowsLeft(t *testing.T, s *shoptest.Shop) string {
	t.Helper()
	var b strings.Builder
	for _, q := range []struct{ program, query string }{
		{cluster.Auth, "SELECT email, name, role, seller_name FROM users ORDER BY email"},
		{cluster.Catalog, "SELECT title, authors, isbn, published_year, publisher, category, language, copy_condition, price, stock, cover FROM books ORDER BY id"},
		{cluster.Catalog, "SELECT kind, stock_delta, held_delta, sold_delta FROM stock_moves ORDER BY id"},
		{cluster.Catalog, "SELECT r.state, l.quantity, l.price, l.restocked FROM reservations r JOIN reservation_lines l ON l.reservation_id = r.id ORDER BY r.created_at"},
		{cluster.Shop, "SELECT state, stock, address, subtotal, delivery_total, total, captured, refunded FROM orders ORDER BY placed_at"},
		{cluster.Shop, "SELECT state, seller_name, provider_name, delivery_cost, total, tracking_number FROM shipments ORDER BY id"},
		{cluster.Shop, "SELECT title, quantity, price FROM order_lines ORDER BY title"},
		{cluster.Shop, "SELECT method, state, amount, captured, reason FROM payments ORDER BY created_at"},
		{cluster.Shop, "SELECT seq, actor, subject, from_state, to_state, reason FROM order_events ORDER BY seq"},
		{cluster.Shop, "SELECT COUNT(*) FROM cart_lines"},
	} {
		fmt.Fprintln(&b, q.query)
		for _, row := range s.Query(t, q.program, q.query) {
			fmt.Fprintln(&b, " ", row)
		}
	}
	return b.String()
}
