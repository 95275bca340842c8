package resilience

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/customers"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/catalogapi"
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
	name                string
	auth, catalog, shop string
	pages               []request
	unseen              bool // nobody may have looked at the pages before
}

func (s service) without(program string) string {
	return map[string]string{cluster.Auth: s.auth, cluster.Catalog: s.catalog, cluster.Shop: s.shop}[program]
}

// row is the service's line in the README.
func (s service) row() string {
	return fmt.Sprintf("| %s | %s | %s | %s |", s.name, s.auth, s.catalog, s.shop)
}

// request is something that a visitor asks for.
type request struct {
	who    *customers.Customer
	method string
	path   string
	fields url.Values
	shows  string // stands on the page if it is whole, or on the one that has the form
}

// outageShop is a shop with its visitors, each with what they have left behind.
type outageShop struct {
	*shoptest.Shop
	services []service
}

// newOutageShop fills a shop.
func newOutageShop(t *testing.T, o cluster.Options) *outageShop {
	t.Helper()
	c := customers.Gather(t, shoptest.OpenOn(t, "sqlite", o))
	book := c.Customers[0].Books[0]
	add := pages.Form("book_id", fmt.Sprint(book.ID), "quantity", "1")
	buyer := c.Customers[0]
	buyer.Buy(t.Context())
	buyer.Post(t.Context(), "/cart", add)
	checkout := buyer.Checkout(t.Context(), book)
	seller := customers.New(t, c.Shop, c.Log, c.Seller, nil)
	boss := customers.New(t, c.Shop, c.Log, c.SignIn(t, shoptest.Admin), nil)
	guest := &customers.Customer{Shop: c.Shop, Log: c.Log, Browser: pages.NewBrowser(), Account: shoptest.Account{Name: "A guest"}}
	guest.Post(t.Context(), "/cart", add)
	stranger := &customers.Customer{Shop: c.Shop, Log: c.Log, Browser: pages.NewBrowser(), Account: shoptest.Account{Name: "A stranger"}}
	c.Log.Check(t)
	seller.Forget(t, "fresh")
	writer := seller.Elsewhere(t)
	listing := pages.Form("title", "Kept in the Form", "authors", "An Author", "category", "classics", "language", "en",
		"condition", catalogapi.ConditionGood, "price", "1.00", "stock", "1")
	return &outageShop{c.Shop, []service{
		{name: "home, lists, search, a book", auth: whole, catalog: stale, shop: whole, pages: []request{
			see(stranger, "/", book.Title), see(stranger, "/books", book.Title), see(stranger, "/books?q=lighthouse", book.Title),
			see(stranger, fmt.Sprint("/books/", book.ID), book.Title),
			see(guest, "/", book.Title), see(buyer, fmt.Sprint("/books/", book.ID), book.Title), see(seller, "/books", book.Title),
		}},
		{name: "pages of the catalog that nobody has looked at lately", auth: whole, catalog: apology, shop: whole, pages: []request{
			see(stranger, "/books?q=tale&sort=price_desc", "Tale"), see(buyer, fmt.Sprint("/books/", c.Customers[0].Books[9].ID), "Tale"),
		}, unseen: true},
		{name: "signing in, registering", auth: kept, catalog: whole, shop: whole, pages: []request{
			send(stranger, "/login", pages.Form("password", "correct horse battery"), "@example.com"), // ask tells whose
			send(stranger, "/register", pages.Form("email", "not an address", "password", "correct horse battery", "name", "Nora New"), "Nora New"),
		}},
		{name: "cart, checkout", auth: whole, catalog: apology, shop: apology, pages: []request{
			see(guest, "/cart", book.Title), see(buyer, "/cart", book.Title), see(buyer, "/checkout", book.Title),
		}},
		{name: "sending the checkout's form", auth: whole, catalog: kept, shop: kept, pages: []request{
			send(buyer, "/checkout", with(checkout, "update", "1"), checkout.Get("line1")),
		}},
		{name: "orders", auth: whole, catalog: whole, shop: apology, pages: []request{
			see(buyer, "/orders", "Paid"), see(buyer, "/orders/"+buyer.Orders[0], "Lantern Books"),
		}},
		{name: "own account", auth: apology, catalog: whole, shop: whole, pages: []request{see(buyer, "/account", buyer.Account.Email)}},
		{name: "selling: books", auth: whole, catalog: apology, shop: whole, pages: []request{
			see(seller, "/selling/books", book.Title), see(seller, fmt.Sprintf("/selling/books/%d/edit", book.ID), book.Title),
		}},
		{name: "selling: listing a book", auth: whole, catalog: kept, shop: whole, pages: []request{
			send(writer, "/selling/books/new", with(listing, "price", "a penny"), "Kept in the Form"),
		}},
		{name: "selling: orders", auth: whole, catalog: whole, shop: apology, pages: []request{see(seller, "/selling/orders", "Tale")}},
		{name: "admin: users", auth: apology, catalog: whole, shop: whole, pages: []request{see(boss, "/admin/users", buyer.Account.Email)}},
		{name: "admin: orders, delivery", auth: whole, catalog: whole, shop: apology, pages: []request{
			see(boss, "/admin/orders", "Paid"), see(boss, "/admin/delivery-providers", "Envia"),
		}},
	}}
}

func see(who *customers.Customer, path, shows string) request {
	return request{who: who, method: http.MethodGet, path: path, shows: shows}
}

func send(who *customers.Customer, path string, fields url.Values, shows string) request {
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

// internals must not be on any page, least of all on one that says what failed.
var internals = []string{"127.0.0.1", "localhost", "refused", "dial tcp", "EOF", "deadline exceeded", "goroutine", "authsvc", "catalogsvc", "shopsvc", "on purpose"}

// opaque are keys and sealed forms, whose letters are random and may be any word.
var opaque = regexp.MustCompile(`[A-Za-z0-9_=-]{24,}`)

// faultOf returns what is wrong with a page, if it is to be as expected.
func faultOf(a pages.Answer, r request, expected string) string {
	said := strings.ReplaceAll(a.Page, r.who.Shop.URL, "") // a page tells its own address
	said = opaque.ReplaceAllString(said, "")
	for _, word := range internals {
		if strings.Contains(said, word) {
			return "it shows " + word
		}
	}
	usable := a.StatusCode == http.StatusOK || r.method == http.MethodPost && a.StatusCode == http.StatusUnprocessableEntity
	switch expected {
	case whole, stale:
		if !usable || !strings.Contains(a.Page, r.shows) {
			return "it is not whole"
		}
	case kept:
		form := pages.FindForm(a.Page, "/kept-form") // holds it sealed
		if !pages.IsApology(a.Response, a.Page) || form == nil && !strings.Contains(a.Page, r.shows) {
			return "it is no apology with " + r.shows
		}
	default:
		if !pages.IsApology(a.Response, a.Page) {
			return "it is no apology"
		}
	}
	return ""
}
