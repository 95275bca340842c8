package customers

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// Forget takes a cookie out of the browser.
func (p *Customer) Forget(t *testing.T, name string) { p.Browser.Jar = p.cookiesWithout(t, name) }

// Elsewhere is the same person at another browser.
func (p *Customer) Elsewhere(t *testing.T) *Customer {
	other := *p
	other.Browser = pages.NewBrowser()
	other.Browser.Jar = p.cookiesWithout(t, "")
	return &other
}

func (p *Customer) cookiesWithout(t *testing.T, name string) http.CookieJar {
	t.Helper()
	at, err := url.Parse(p.Shop.URL)
	if err != nil {
		t.Fatal(err)
	}
	cookies := slices.DeleteFunc(p.Browser.Jar.Cookies(at), func(c *http.Cookie) bool { return c.Name == name })
	jar, _ := cookiejar.New(nil) // never fails
	jar.SetCookies(at, cookies)
	return jar
}

// Customer shops through the pages, with a browser without scripts. A page that
// fails is loaded again; a form whose answer was lost is looked after and, if
// it had no effect, sent again. Whatever breaks meanwhile, a customer must stay
// signed in and find the cart and every order as they were left.
type Customer struct {
	Shop    *shoptest.Shop
	Log     *pages.Log
	dice    *rand.Rand
	Books   []catalogapi.Book
	Account shoptest.Account
	Card    string // for the next payment; later ones are with CardPays
	Browser *http.Client
	Orders  []string // that the shop has answered with
	Friends []*Customer
}

// reloadPause is how long a person takes to press the button again.
const reloadPause = 150 * time.Millisecond

// New returns someone with an account who is signed in at the pages.
func New(t *testing.T, s *shoptest.Shop, log *pages.Log, a shoptest.Account, books []catalogapi.Book) *Customer {
	t.Helper()
	p := &Customer{
		Shop: s, Log: log, Account: a, Books: books, Card: shoptest.CardPays, Browser: pages.NewBrowser(),
		dice: rand.New(rand.NewPCG(uint64(a.ID), 7)),
	}
	if _, ok := p.Post(t.Context(), "/login", pages.Form("email", a.Email, "password", a.Password)); !ok {
		t.Fatalf("%s can't sign in", a.Email)
	}
	return p
}

// keepShopping shops until ctx ends; what was begun is brought to its end, if
// need be until patience ends.
func (p *Customer) keepShopping(ctx, patience context.Context) {
	for ctx.Err() == nil {
		p.Browse(patience)
		p.Buy(patience)
		if p.dice.IntN(4) == 0 {
			p.registerFriend(patience)
		}
	}
}

// registerFriend has a guest fill a cart, register at the checkout and buy.
func (p *Customer) registerFriend(ctx context.Context) {
	f := &Customer{Shop: p.Shop, Log: p.Log, dice: p.dice, Books: p.Books, Card: p.Card, Browser: pages.NewBrowser()}
	f.Account = shoptest.Account{
		Email:    fmt.Sprintf("friend%d-of-%s", len(p.Friends)+1, p.Account.Email),
		Password: p.Account.Password, Name: "A friend",
	}
	book := f.anyBook()
	line := fmt.Sprintf("/cart/lines/%d", book.ID)
	for !f.finds(ctx, "/cart", line) {
		if ctx.Err() != nil {
			return
		}
		f.Post(ctx, "/cart", pages.Form("book_id", fmt.Sprint(book.ID), "quantity", "1"))
	}
	if !f.signUp(ctx) {
		return
	}
	p.Friends = append(p.Friends, f)
	if !f.finds(ctx, "/cart", line) {
		f.Log.Wrongf("%s has lost the cart by registering", f.Account.Email)
		return
	}
	f.buyCart(ctx, book)
}

// signUp registers. If the answer is lost the account may be there all the same.
func (p *Customer) signUp(ctx context.Context) bool {
	for ctx.Err() == nil {
		a, ok := p.Post(ctx, "/register", pages.Form("name", p.Account.Name, "email", p.Account.Email, "password", p.Account.Password))
		if !ok || a.StatusCode != http.StatusSeeOther {
			a, ok = p.Post(ctx, "/login", pages.Form("email", p.Account.Email, "password", p.Account.Password))
		}
		if ok && a.StatusCode == http.StatusSeeOther {
			return true
		}
		shoptest.Pause(ctx, reloadPause)
	}
	return false
}

// Browse looks at the pages that lead to a book.
func (p *Customer) Browse(ctx context.Context) {
	book := p.anyBook()
	for _, path := range []string{"/", "/books", "/books?q=" + url.QueryEscape(book.Title), fmt.Sprintf("/books/%d", book.ID), "/account", "/orders"} {
		p.mustGet(ctx, path)
	}
}

func (p *Customer) anyBook() catalogapi.Book { return p.Books[p.dice.IntN(len(p.Books))] }

// Buy takes a book from the cart to a paid order.
func (p *Customer) Buy(ctx context.Context) {
	book := p.anyBook()
	p.Post(ctx, "/cart", pages.Form("book_id", fmt.Sprint(book.ID), "quantity", "1"))
	p.buyCart(ctx, book)
}

// buyCart goes to the checkout with one book in the cart.
func (p *Customer) buyCart(ctx context.Context, book catalogapi.Book) {
	fields := p.Checkout(ctx, book)
	if fields == nil {
		return
	}
	id := p.Place(ctx, fields)
	if id == "" {
		return
	}
	p.Orders = append(p.Orders, id)
	p.Pay(ctx, id)
	p.Card = shoptest.CardPays
}

// Checkout returns the checkout's form, filled in, with a book that was put
// into the cart.
func (p *Customer) Checkout(ctx context.Context, book catalogapi.Book) url.Values {
	id := fmt.Sprint(book.ID)
	for try := 0; ; try++ {
		fields := p.FormOn(ctx, "/checkout")
		switch {
		case fields == nil && ctx.Err() != nil:
			return nil
		case fields != nil && fields.Get("book_id") == id:
			for name, value := range map[string]string{"name": shoptest.Home.Name, "line1": shoptest.Home.Line1, "city": shoptest.Home.City, "region": shoptest.Home.Region, "country": shoptest.Home.Country} {
				fields.Set(name, value)
			}
			return fields
		case try > 0 && fields != nil:
			p.Log.Wrongf("%s put book %s into the cart and finds %v there", p.Account.Email, id, fields["book_id"])
			return nil
		}
		// The book was put in by a request whose answer was lost, or not at all.
		p.must(ctx, func() (pages.Answer, bool) { return p.Post(ctx, "/cart/lines/"+id, pages.Form("quantity", "1")) })
	}
}

// Place sends the checkout's form until the answer leads to an order.
func (p *Customer) Place(ctx context.Context, fields url.Values) string {
	a, ok := p.must(ctx, func() (pages.Answer, bool) { return p.Post(ctx, "/checkout", fields) })
	if !ok {
		return ""
	}
	match := pages.OrderPath.FindStringSubmatch(a.Header.Get("Location"))
	if match == nil {
		p.Log.Wrongf("%s: the checkout answered %s and led to %q", p.Account.Email, a.Status, a.Header.Get("Location"))
		return ""
	}
	return match[1]
}

// Pay pays an order, and looks at its page until it says so.
func (p *Customer) Pay(ctx context.Context, id string) {
	card := pages.Form("method", shopapi.MethodCard, "number", p.Card, "exp_month", "12", "exp_year", "2099", "cvc", "123")
	path := "/orders/" + id + "/payment"
	p.Post(ctx, path, card)
	for {
		a, ok := p.mustGet(ctx, path)
		switch {
		case !ok:
			return
		case strings.Contains(a.Page, `id="done"`), a.Header.Get("Location") == "/orders/"+id: // where the release before led
			p.WantOnPage(ctx, "/orders/"+id)
			return
		case pages.FindForm(a.Page, path) != nil: // it is still to be paid
			p.Post(ctx, path, card)
		}
		shoptest.Pause(ctx, reloadPause)
	}
}

// WantOnPage wants a page to be there.
func (p *Customer) WantOnPage(ctx context.Context, path string) {
	if a, ok := p.mustGet(ctx, path); ok && a.StatusCode != http.StatusOK {
		p.Log.Wrongf("%s: %s answered %s", p.Account.Email, path, a.Status)
	}
}

// checkNothingLost wants the customer to be signed in still, and each order to be
// there and paid.
func (p *Customer) checkNothingLost(t *testing.T) {
	t.Helper()
	p.WantOnPage(t.Context(), "/account")
	for _, f := range p.Friends {
		f.Account = f.Shop.SignIn(t, f.Account)
		f.checkNothingLost(t)
	}
	listed := map[string]string{}
	for cursor := ""; ; {
		page, err := p.Shop.Orders.Orders(p.Account.As(t.Context()), shopapi.OrderQuery{Limit: 100, Cursor: cursor})
		if err != nil {
			t.Fatalf("orders of %s: %v", p.Account.Email, err)
		}
		for _, o := range page.Items {
			listed[o.ID] = o.State
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	if len(listed) != len(p.Orders) {
		t.Errorf("%s has %d orders and was told of %d", p.Account.Email, len(listed), len(p.Orders))
	}
	for _, id := range p.Orders {
		if listed[id] != shopapi.OrderPaid {
			t.Errorf("order %s of %s is %q, want paid", id, p.Account.Email, listed[id])
		}
	}
}

// must repeats what failed until it works or ctx ends.
func (p *Customer) must(ctx context.Context, do func() (pages.Answer, bool)) (pages.Answer, bool) {
	for {
		a, ok := do()
		if ok || !shoptest.Pause(ctx, reloadPause) {
			return a, ok
		}
	}
}

func (p *Customer) mustGet(ctx context.Context, path string) (pages.Answer, bool) {
	return p.must(ctx, func() (pages.Answer, bool) { return p.Get(ctx, path) })
}

// Get asks for a page once. It returns false if that failed.
func (p *Customer) Get(ctx context.Context, path string) (pages.Answer, bool) {
	return p.send(ctx, http.MethodGet, path, nil)
}

// Post sends a form once.
func (p *Customer) Post(ctx context.Context, path string, fields url.Values) (pages.Answer, bool) {
	return p.send(ctx, http.MethodPost, path, fields)
}

// send sends a request. Who is signed in must never be asked to sign in.
func (p *Customer) send(ctx context.Context, method, path string, fields url.Values) (pages.Answer, bool) {
	req, err := http.NewRequestWithContext(ctx, method, p.Shop.URL+path, strings.NewReader(fields.Encode()))
	if err != nil {
		p.Log.Wrongf("%s %s: %v", method, path, err)
		return pages.Answer{}, false
	}
	if fields != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	a, ok := p.Log.Fetch(p.Browser, req)
	if ok && strings.HasPrefix(a.Header.Get("Location"), "/login") {
		p.Log.Wrongf("%s was signed out at %s %s", p.Account.Email, method, path)
	}
	return a, ok
}

// FormOn returns the form on a page that is sent to the page itself; nil if
// there is none.
func (p *Customer) FormOn(ctx context.Context, path string) url.Values {
	a, _ := p.mustGet(ctx, path)
	if f := pages.FindForm(a.Page, path); f != nil {
		return pages.FieldsOf(f)
	}
	return nil
}

// finds reports whether a page has a form with this action.
func (p *Customer) finds(ctx context.Context, path, action string) bool {
	a, ok := p.mustGet(ctx, path)
	return ok && pages.FindForm(a.Page, action) != nil
}
