package e2e

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"slices"
	"strings"
	"testing"

	"bookstore/deploy/internal/cluster"
)

// What becomes of a page while a backend is away.
const (
	whole   = "whole"
	stale   = "as it was up to a minute ago"
	apology = "an apology"
	kept    = "an apology, with what was filled in"
)

// service is what the shop does for its visitors, page by page, and what is
// left of it while each backend is away.
type service struct {
	name                  string
	auth, catalogue, shop string
	pages                 []request
	unseen                bool // nobody may have looked at the pages before
}

func (s service) without(program string) string {
	return map[string]string{cluster.Auth: s.auth, cluster.Catalog: s.catalogue, cluster.Shop: s.shop}[program]
}

// row is the service's line in the README.
func (s service) row() string {
	return fmt.Sprintf("| %s | %s | %s | %s |", s.name, s.auth, s.catalogue, s.shop)
}

// request is something that a visitor asks for.
type request struct {
	who    *patron
	method string
	path   string
	fields url.Values
	shows  string // stands on the page if it is whole, or on the one that has the form
}

// household is a shop with its visitors, each with what they have left behind.
type household struct {
	*shop
	services []service
}

// newHousehold fills a shop.
func newHousehold(t *testing.T, o cluster.Options) *household {
	t.Helper()
	c := gather(t, openOn(t, "sqlite", o))
	book := c.patrons[0].books[0]
	add := form("book_id", fmt.Sprint(book.ID), "quantity", "1")
	buyer := c.patrons[0]
	buyer.buy(t.Context())
	buyer.post(t.Context(), "/cart", add)
	checkout := buyer.checkout(t.Context(), book)
	seller := newPatron(t, c.shop, c.log, c.seller, nil)
	boss := newPatron(t, c.shop, c.log, c.signIn(t, admin), nil)
	guest := &patron{shop: c.shop, log: c.log, browser: newBrowser(), account: account{name: "A guest"}}
	guest.post(t.Context(), "/cart", add)
	stranger := &patron{shop: c.shop, log: c.log, browser: newBrowser(), account: account{name: "A stranger"}}
	c.log.check(t)
	seller.forget(t, "fresh")
	writer := seller.elsewhere(t)
	listing := form("title", "Kept in the Form", "authors", "An Author", "category", "classics", "language", "en",
		"condition", "good", "price", "1.00", "stock", "1")
	return &household{c.shop, []service{
		{name: "home, lists, search, a book", auth: whole, catalogue: stale, shop: whole, pages: []request{
			see(stranger, "/", book.Title), see(stranger, "/books", book.Title), see(stranger, "/books?q=lighthouse", book.Title),
			see(stranger, fmt.Sprint("/books/", book.ID), book.Title),
			see(guest, "/", book.Title), see(buyer, fmt.Sprint("/books/", book.ID), book.Title), see(seller, "/books", book.Title),
		}},
		{name: "pages of the catalogue that nobody has looked at lately", auth: whole, catalogue: apology, shop: whole, pages: []request{
			see(stranger, "/books?q=tale&sort=price_desc", "Tale"), see(buyer, fmt.Sprint("/books/", c.patrons[0].books[9].ID), "Tale"),
		}, unseen: true},
		{name: "signing in, registering", auth: kept, catalogue: whole, shop: whole, pages: []request{
			send(stranger, "/login", form("password", "correct horse battery"), "nobody"), // ask tells who
			send(stranger, "/register", form("email", "not an address", "password", "correct horse battery", "name", "Nora New"), "Nora New"),
		}},
		{name: "cart, checkout", auth: whole, catalogue: apology, shop: apology, pages: []request{
			see(guest, "/cart", book.Title), see(buyer, "/cart", book.Title), see(buyer, "/checkout", book.Title),
		}},
		{name: "sending the checkout's form", auth: whole, catalogue: kept, shop: kept, pages: []request{
			send(buyer, "/checkout", with(checkout, "update", "1"), checkout.Get("line1")),
		}},
		{name: "orders", auth: whole, catalogue: whole, shop: apology, pages: []request{
			see(buyer, "/orders", "Paid"), see(buyer, "/orders/"+buyer.orders[0], "Lantern Books"),
		}},
		{name: "own account", auth: apology, catalogue: whole, shop: whole, pages: []request{see(buyer, "/account", buyer.account.email)}},
		{name: "selling: books", auth: whole, catalogue: apology, shop: whole, pages: []request{
			see(seller, "/selling/books", book.Title), see(seller, fmt.Sprintf("/selling/books/%d/edit", book.ID), book.Title),
		}},
		{name: "selling: listing a book", auth: whole, catalogue: kept, shop: whole, pages: []request{
			send(writer, "/selling/books/new", with(listing, "price", "a penny"), "Kept in the Form"),
		}},
		{name: "selling: orders", auth: whole, catalogue: whole, shop: apology, pages: []request{see(seller, "/selling/orders", "Tale")}},
		{name: "admin: users", auth: apology, catalogue: whole, shop: whole, pages: []request{see(boss, "/admin/users", buyer.account.email)}},
		{name: "admin: orders, delivery", auth: whole, catalogue: whole, shop: apology, pages: []request{
			see(boss, "/admin/orders", "Paid"), see(boss, "/admin/delivery-providers", "Envia"),
		}},
	}}
}

func see(who *patron, path, shows string) request {
	return request{who: who, method: http.MethodGet, path: path, shows: shows}
}

func send(who *patron, path string, fields url.Values, shows string) request {
	return request{who, http.MethodPost, path, fields, shows}
}

// with returns fields with another value for one of them.
func with(fields url.Values, name, value string) url.Values {
	changed := url.Values{}
	for n, values := range fields {
		changed[n] = values
	}
	changed.Set(name, value)
	return changed
}

// forget takes a cookie out of the browser.
func (p *patron) forget(t *testing.T, name string) { p.browser.Jar = p.cookiesWithout(t, name) }

// elsewhere is the same person at another browser.
func (p *patron) elsewhere(t *testing.T) *patron {
	other := *p
	other.browser = newBrowser()
	other.browser.Jar = p.cookiesWithout(t, "")
	return &other
}

func (p *patron) cookiesWithout(t *testing.T, name string) http.CookieJar {
	t.Helper()
	at, err := url.Parse(p.shop.URL)
	if err != nil {
		t.Fatal(err)
	}
	cookies := slices.DeleteFunc(p.browser.Jar.Cookies(at), func(c *http.Cookie) bool { return c.Name == name })
	jar, _ := cookiejar.New(nil) // never fails
	jar.SetCookies(at, cookies)
	return jar
}

// internals must not be on any page, least of all on one that says what failed.
var internals = []string{"127.0.0.1", "localhost", "refused", "dial tcp", "EOF", "deadline", "goroutine", "authsvc", "catalogsvc", "shopsvc", "on purpose"}

// fault returns what is wrong with a page, if it is to be as expected.
func (a answer) fault(r request, expected string) string {
	said := strings.ReplaceAll(a.page, r.who.shop.URL, "") // a page tells its own address
	for _, word := range internals {
		if strings.Contains(said, word) {
			return "it shows " + word
		}
	}
	usable := a.StatusCode == http.StatusOK || r.method == http.MethodPost && a.StatusCode == http.StatusUnprocessableEntity
	switch expected {
	case whole, stale:
		if !usable || !strings.Contains(a.page, r.shows) {
			return "it is not whole"
		}
	case kept:
		if !isExcuse(a.Response, a.page) || !strings.Contains(a.page, r.shows) {
			return "it is no apology with " + r.shows
		}
	default:
		if !isExcuse(a.Response, a.page) {
			return "it is no apology"
		}
	}
	return ""
}
