package e2e

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"

	"golang.org/x/net/html"
)

// patron shops through the pages, with a browser without eyes. A page that
// fails is loaded again; a form whose answer was lost is looked after and, if
// it had no effect, sent again. Whatever breaks meanwhile, a patron must stay
// signed in and find the cart and every order as they were left.
type patron struct {
	shop    *shop
	log     *pageLog
	dice    *rand.Rand
	books   []catalogapi.Book
	account account
	card    string // for the next payment; later ones are with cardPays
	browser *http.Client
	orders  []string // that the shop has answered with
	friends []*patron
}

// reloadPause is how long a person takes to press the button again.
const reloadPause = 150 * time.Millisecond

func newBrowser() *http.Client {
	jar, _ := cookiejar.New(nil) // never fails
	return &http.Client{
		Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// newPatron returns someone with an account who is signed in at the pages.
func newPatron(t *testing.T, s *shop, log *pageLog, a account, books []catalogapi.Book) *patron {
	t.Helper()
	p := &patron{
		shop: s, log: log, account: a, books: books, card: cardPays, browser: newBrowser(),
		dice: rand.New(rand.NewPCG(uint64(a.id), 7)),
	}
	if _, ok := p.post(t.Context(), "/login", form("email", a.email, "password", a.password)); !ok {
		t.Fatalf("%s can't sign in", a.email)
	}
	return p
}

// keepShopping shops until ctx ends; what was begun is brought to its end, if
// need be until patience ends.
func (p *patron) keepShopping(ctx, patience context.Context) {
	for ctx.Err() == nil {
		p.browse(patience)
		p.buy(patience)
		if p.dice.IntN(4) == 0 {
			p.bringFriend(patience)
		}
	}
}

// bringFriend has a guest fill a cart, register at the checkout and buy.
func (p *patron) bringFriend(ctx context.Context) {
	f := &patron{shop: p.shop, log: p.log, dice: p.dice, books: p.books, card: p.card, browser: newBrowser()}
	f.account = account{
		email:    fmt.Sprintf("friend%d-of-%s", len(p.friends)+1, p.account.email),
		password: p.account.password, name: "A friend",
	}
	book := f.anyBook()
	line := fmt.Sprintf("/cart/lines/%d", book.ID)
	for !f.finds(ctx, "/cart", line) {
		if ctx.Err() != nil {
			return
		}
		f.post(ctx, "/cart", form("book_id", fmt.Sprint(book.ID), "quantity", "1"))
	}
	if !f.signUp(ctx) {
		return
	}
	p.friends = append(p.friends, f)
	if !f.finds(ctx, "/cart", line) {
		f.log.wrongf("%s has lost the cart by registering", f.account.email)
		return
	}
	f.buyCart(ctx, book)
}

// signUp registers. If the answer is lost the account may be there all the same.
func (p *patron) signUp(ctx context.Context) bool {
	for ctx.Err() == nil {
		a, ok := p.post(ctx, "/register", form("name", p.account.name, "email", p.account.email, "password", p.account.password))
		if !ok || a.StatusCode != http.StatusSeeOther {
			a, ok = p.post(ctx, "/login", form("email", p.account.email, "password", p.account.password))
		}
		if ok && a.StatusCode == http.StatusSeeOther {
			return true
		}
		pause(ctx, reloadPause)
	}
	return false
}

// browse looks at the pages that lead to a book.
func (p *patron) browse(ctx context.Context) {
	book := p.anyBook()
	for _, path := range []string{"/", "/books", "/books?q=" + url.QueryEscape(book.Title), fmt.Sprintf("/books/%d", book.ID), "/account", "/orders"} {
		p.mustGet(ctx, path)
	}
}

func (p *patron) anyBook() catalogapi.Book { return p.books[p.dice.IntN(len(p.books))] }

// buy takes a book from the cart to a paid order.
func (p *patron) buy(ctx context.Context) {
	book := p.anyBook()
	p.post(ctx, "/cart", form("book_id", fmt.Sprint(book.ID), "quantity", "1"))
	p.buyCart(ctx, book)
}

// buyCart goes to the checkout with one book in the cart.
func (p *patron) buyCart(ctx context.Context, book catalogapi.Book) {
	fields := p.checkout(ctx, book)
	if fields == nil {
		return
	}
	id := p.place(ctx, fields)
	if id == "" {
		return
	}
	p.orders = append(p.orders, id)
	p.pay(ctx, id)
	p.card = cardPays
}

// checkout returns the checkout's form, filled in, with a book that was put
// into the cart.
func (p *patron) checkout(ctx context.Context, book catalogapi.Book) url.Values {
	id := fmt.Sprint(book.ID)
	for try := 0; ; try++ {
		fields := p.formOn(ctx, "/checkout")
		switch {
		case fields == nil && ctx.Err() != nil:
			return nil
		case fields != nil && fields.Get("book_id") == id:
			for name, value := range map[string]string{"name": home.Name, "line1": home.Line1, "city": home.City, "country": home.Country} {
				fields.Set(name, value)
			}
			return fields
		case try > 0 && fields != nil:
			p.log.wrongf("%s put book %s into the cart and finds %v there", p.account.email, id, fields["book_id"])
			return nil
		}
		// The book was put in by a request whose answer was lost, or not at all.
		p.must(ctx, func() (answer, bool) { return p.post(ctx, "/cart/lines/"+id, form("quantity", "1")) })
	}
}

// place sends the checkout's form until the answer leads to an order.
func (p *patron) place(ctx context.Context, fields url.Values) string {
	a, ok := p.must(ctx, func() (answer, bool) { return p.post(ctx, "/checkout", fields) })
	if !ok {
		return ""
	}
	match := orderPath.FindStringSubmatch(a.Header.Get("Location"))
	if match == nil {
		p.log.wrongf("%s: the checkout answered %s and led to %q", p.account.email, a.Status, a.Header.Get("Location"))
		return ""
	}
	return match[1]
}

// pay pays an order, and looks at its page until it says so.
func (p *patron) pay(ctx context.Context, id string) {
	card := form("method", "card", "number", p.card, "exp_month", "12", "exp_year", "2099", "cvc", "123")
	path := "/orders/" + id + "/payment"
	p.post(ctx, path, card)
	for {
		a, ok := p.mustGet(ctx, path)
		switch {
		case !ok:
			return
		case a.Header.Get("Location") == "/orders/"+id:
			p.wantOnPage(ctx, "/orders/"+id)
			return
		case hasForm(a.page, path): // it is still to be paid
			p.post(ctx, path, card)
		}
		pause(ctx, reloadPause)
	}
}

func (p *patron) wantOnPage(ctx context.Context, path string) {
	if a, ok := p.mustGet(ctx, path); ok && a.StatusCode != http.StatusOK {
		p.log.wrongf("%s: %s answered %s", p.account.email, path, a.Status)
	}
}

// checkNothingLost wants the patron to be signed in still, and each order to be
// there and paid.
func (p *patron) checkNothingLost(t *testing.T) {
	t.Helper()
	p.wantOnPage(t.Context(), "/account")
	for _, f := range p.friends {
		f.account = f.shop.signIn(t, f.account)
		f.checkNothingLost(t)
	}
	listed := map[string]string{}
	for cursor := ""; ; {
		page, err := p.shop.orders.Orders(p.account.as(t.Context()), shopapi.OrderQuery{Limit: 100, Cursor: cursor})
		if err != nil {
			t.Fatalf("orders of %s: %v", p.account.email, err)
		}
		for _, o := range page.Items {
			listed[o.ID] = o.State
		}
		if cursor = page.NextCursor; cursor == "" {
			break
		}
	}
	if len(listed) != len(p.orders) {
		t.Errorf("%s has %d orders and was told of %d", p.account.email, len(listed), len(p.orders))
	}
	for _, id := range p.orders {
		if listed[id] != shopapi.OrderPaid {
			t.Errorf("order %s of %s is %q, want paid", id, p.account.email, listed[id])
		}
	}
}

// must repeats what failed until it works or ctx ends.
func (p *patron) must(ctx context.Context, do func() (answer, bool)) (answer, bool) {
	for {
		a, ok := do()
		if ok || !pause(ctx, reloadPause) {
			return a, ok
		}
	}
}

func (p *patron) mustGet(ctx context.Context, path string) (answer, bool) {
	return p.must(ctx, func() (answer, bool) { return p.get(ctx, path) })
}

func (p *patron) get(ctx context.Context, path string) (answer, bool) {
	return p.send(ctx, http.MethodGet, path, nil)
}

// post sends a form once.
func (p *patron) post(ctx context.Context, path string, fields url.Values) (answer, bool) {
	return p.send(ctx, http.MethodPost, path, fields)
}

// send sends a request. Who is signed in must never be asked to sign in.
func (p *patron) send(ctx context.Context, method, path string, fields url.Values) (answer, bool) {
	req, err := http.NewRequestWithContext(ctx, method, p.shop.URL+path, strings.NewReader(fields.Encode()))
	if err != nil {
		p.log.wrongf("%s %s: %v", method, path, err)
		return answer{}, false
	}
	if fields != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	a, ok := p.log.fetch(p.browser, req)
	if ok && strings.HasPrefix(a.Header.Get("Location"), "/login") {
		p.log.wrongf("%s was signed out at %s %s", p.account.email, method, path)
	}
	return a, ok
}

// formOn returns the form on a page that is sent to the page itself; nil if
// there is none.
func (p *patron) formOn(ctx context.Context, path string) url.Values {
	a, _ := p.mustGet(ctx, path)
	if f := findForm(a.page, path); f != nil {
		return fieldsOf(f)
	}
	return nil
}

// finds tells whether a page has a form with this action.
func (p *patron) finds(ctx context.Context, path, action string) bool {
	a, ok := p.mustGet(ctx, path)
	return ok && hasForm(a.page, action)
}

func hasForm(page, action string) bool { return findForm(page, action) != nil }

func findForm(page, action string) *html.Node {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil
	}
	for n := range root.Descendants() {
		if n.Data == "form" && attribute(n, "action") == action && attribute(n, "method") == "post" {
			return n
		}
	}
	return nil
}
