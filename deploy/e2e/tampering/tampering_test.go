// Package tampering proves that requests made by hand are refused.
package tampering

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/apierr"
	"bookstore/shared/idempotency"
	"bookstore/shared/shopapi"
)

// tamperedShop is a shop with one honest order in it and someone who is after it.
type tamperedShop struct {
	*shoptest.Shop
	seller, attacker shoptest.Account // both sell; the book and the sale are the seller's
	bookID           int64
	orderID          string
	shipmentID       string
}

func newTamperedShop(t *testing.T, s *shoptest.Shop) tamperedShop {
	m := tamperedShop{Shop: s, seller: s.RegisterSeller(t, "Honest Books"), attacker: s.RegisterSeller(t, "Attacker & Co")}
	book := s.List(t, m.seller, "Frankenstein", 1299, 5)
	buyer := s.Register(t, "Honest Buyer")
	if err := s.Buy(buyer.As(t.Context()), book, s.NationalProvider(t).ID); err != nil {
		t.Fatal(err)
	}
	orders, err := s.Orders.Orders(buyer.As(t.Context()), shopapi.OrderQuery{})
	if err != nil || len(orders.Items) != 1 {
		t.Fatalf("orders: %v, %v", orders, err)
	}
	m.bookID, m.orderID = book.ID, orders.Items[0].ID
	m.shipmentID = orders.Items[0].Shipments[0].ID
	return m
}

func TestRequestsMadeByHandAreRefusedByTheAPIs(t *testing.T) {
	shoptest.OnEachDatabase(t, cluster.Options{}, func(t *testing.T, s *shoptest.Shop) {
		m := newTamperedShop(t, s)
		book := func(price, stock string) string {
			return fmt.Sprintf(`{"title":"T","authors":["A"],"category":"classics","language":"en","condition":"good","price":%s,"stock":%s}`, price, stock)
		}
		order := func(price, quantity string) string {
			return fmt.Sprintf(`{"lines":[{"book_id":%d,"price":%s,"quantity":%s}],"deliveries":[{"seller_id":%d,"provider_id":%d}],
				"address":{"name":"A","line1":"B","city":"C","region":"R","country":"CO"}}`,
				m.bookID, price, quantity, m.seller.ID, s.NationalProvider(t).ID)
		}
		foreignBook := fmt.Sprintf("%s/v1/books/%d", s.CatalogURL, m.bookID)
		edit := strings.Replace(book("1", "1"), "{", `{"version":1,"stock_shown":5,`, 1)
		foreignOrder := s.ShopURL + "/v1/orders/" + m.orderID
		foreignSale := s.ShopURL + "/v1/shipments/" + m.shipmentID
		cartLine := fmt.Sprintf("%s/v1/cart/lines/%d", s.ShopURL, m.bookID)

		for _, r := range []struct{ name, method, url, body string }{
			{"price 0", "POST", s.CatalogURL + "/v1/books", book("0", "1")},
			{"price −1", "POST", s.CatalogURL + "/v1/books", book("-1", "1")},
			{"price huge", "POST", s.CatalogURL + "/v1/books", book("9223372036854775807", "1")},
			{"price beyond integers", "POST", s.CatalogURL + "/v1/books", book("1e30", "1")},
			{"price of a text", "POST", s.CatalogURL + "/v1/books", book(`"12"`, "1")},
			{"stock −1", "POST", s.CatalogURL + "/v1/books", book("100", "-1")},
			{"stock huge", "POST", s.CatalogURL + "/v1/books", book("100", "1000000000")},
			{"edit another seller's book", "PUT", foreignBook, edit},
			{"delete another seller's book", "DELETE", foreignBook, ""},
			{"a picture for another seller's book", "PUT", foreignBook + "/cover", "x"},
			{"no picture for another seller's book", "DELETE", foreignBook + "/cover", ""},
			{"a cover that is no key", "GET", s.CatalogURL + "/v1/covers/..%2f..%2fcatalog.db", ""},
			{"edit a book that is no number", "PUT", s.CatalogURL + "/v1/books/1'or'1", edit},
			{"cart: quantity 0", "PUT", cartLine, `{"quantity":0}`},
			{"cart: quantity −1", "PUT", cartLine, `{"quantity":-1}`},
			{"cart: quantity huge", "PUT", cartLine, `{"quantity":9223372036854775807}`},
			{"cart: no such book", "PUT", s.ShopURL + "/v1/cart/lines/999999", `{"quantity":1}`},
			{"order: quantity 0", "POST", s.ShopURL + "/v1/orders", order("1299", "0")},
			{"order: quantity −1", "POST", s.ShopURL + "/v1/orders", order("1299", "-1")},
			{"order: quantity huge", "POST", s.ShopURL + "/v1/orders", order("1299", "9223372036854775807")},
			{"order: a price of one's own", "POST", s.ShopURL + "/v1/orders", order("1", "1")},
			{"order: price −1", "POST", s.ShopURL + "/v1/orders", order("-1", "1")},
			{"read a foreign order", "GET", foreignOrder, ""},
			{"pay a foreign order", "POST", foreignOrder + "/payment", `{"method":"bank_transfer"}`},
			{"cancel a foreign order", "POST", foreignOrder + "/cancel", `{}`},
			{"an order id that is none", "GET", s.ShopURL + "/v1/orders/..%2f..%2finternal", ""},
			{"dispatch a foreign sale", "POST", foreignSale + "/dispatch", `{"tracking_number":"X1000"}`},
			{"reject a foreign sale", "POST", foreignSale + "/reject", `{"reason":"mine now"}`},
			{"a foreign refund", "POST", s.ShopURL + "/v1/admin/orders/" + m.orderID + "/refunds", `{"amount":100,"reason":"please"}`},
			{"all orders without being admin", "GET", s.ShopURL + "/v1/admin/orders", ""},
			{"all users without being admin", "GET", s.AuthURL + "/v1/users", ""},
			{"a role of one's own", "PATCH", fmt.Sprintf("%s/v1/users/%d", s.AuthURL, m.attacker.ID), `{"role":"admin"}`},
			{"calls between services", "GET", s.AuthURL + "/internal/users?ids=1", ""},
			{"a body that is no JSON", "POST", s.CatalogURL + "/v1/books", `{"title":`},
			{"a body without end", "POST", s.CatalogURL + "/v1/books", `{"title":"` + strings.Repeat("x", 3<<20) + `"}`},
		} {
			t.Run(r.name, func(t *testing.T) { expectProblem(t, m.attacker, r.method, r.url, r.body) })
		}
		if got := s.Stock(t, m.bookID); got != 4 {
			t.Errorf("the stock is %d after all this, want 4", got)
		}
	})
}

// expectProblem sends a request and wants a 4xx problem document that does not
// repeat what was sent.
func expectProblem(t *testing.T, a shoptest.Account, method, url, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+a.Token)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set(idempotency.Header, "made-by-hand-"+t.Name())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var problem apierr.Error
	if err := json.Unmarshal(answer, &problem); err != nil {
		t.Fatalf("%d is no problem document (%v): %.200s", resp.StatusCode, err, answer)
	}
	if resp.StatusCode < 400 || resp.StatusCode > 499 {
		t.Errorf("got %d %s, want 4xx", resp.StatusCode, answer)
	}
	if got := resp.Header.Get("Content-Type"); got != apierr.ContentType {
		t.Errorf("the content type is %q", got)
	}
}

func TestRequestsMadeByHandAreRefusedByThePages(t *testing.T) {
	shoptest.OnEachDatabase(t, cluster.Options{}, func(t *testing.T, s *shoptest.Shop) {
		m := newTamperedShop(t, s)
		visitor := s.SignedIn(t, m.attacker)
		visitor.CheckRedirect = nil // where a refusal leads is a page as well
		id := fmt.Sprint(m.bookID)
		book := func(pairs ...string) url.Values {
			return pages.Form(append([]string{"title", "T", "authors", "A", "category", "classics", "language", "en",
				"condition", "good", "price", "10.00", "stock", "1"}, pairs...)...)
		}
		for _, r := range []struct {
			name, method, path string
			form               url.Values
		}{
			{"price 0", "POST", "/selling/books/new", book("price", "0")},
			{"price −1", "POST", "/selling/books/new", book("price", "-1")},
			{"price huge", "POST", "/selling/books/new", book("price", "99999999999999999999")},
			{"price of letters", "POST", "/selling/books/new", book("price", "free")},
			{"stock −1", "POST", "/selling/books/new", book("stock", "-1")},
			{"stock huge", "POST", "/selling/books/new", book("stock", "1e9")},
			{"another seller's book", "GET", "/selling/books/" + id + "/edit", nil},
			{"edit another seller's book", "POST", "/selling/books/" + id + "/edit", book("version", "1", "stock_shown", "5")},
			{"delete another seller's book", "POST", "/selling/books/" + id + "/delete", pages.Form()},
			{"no picture for another seller's book", "POST", "/selling/books/" + id + "/cover/delete", pages.Form()},
			{"cart: quantity 0", "POST", "/cart", pages.Form("book_id", id, "quantity", "0")},
			{"cart: quantity −1", "POST", "/cart", pages.Form("book_id", id, "quantity", "-1")},
			{"cart: quantity huge", "POST", "/cart", pages.Form("book_id", id, "quantity", "99999999999999999999")},
			{"cart: no such book", "POST", "/cart", pages.Form("book_id", "999999", "quantity", "1")},
			{"cart: a book that is no number", "POST", "/cart", pages.Form("book_id", "1;drop", "quantity", "1")},
			{"a foreign order", "GET", "/orders/" + m.orderID, nil},
			{"an order that is none", "GET", "/orders/nonsense", nil},
			{"pay a foreign order", "POST", "/orders/" + m.orderID + "/payment", pages.Form("method", shopapi.MethodBankTransfer)},
			{"cancel a foreign order", "POST", "/orders/" + m.orderID + "/cancel", pages.Form()},
			{"a foreign sale", "GET", "/selling/orders/" + m.shipmentID, nil},
			{"dispatch a foreign sale", "POST", "/selling/orders/" + m.shipmentID + "/dispatch", pages.Form("tracking_number", "X1000")},
			{"admin pages", "GET", "/admin/users", nil},
			{"admin orders", "GET", "/admin/orders", nil},
			{"admin delivery providers", "POST", "/admin/delivery-providers", pages.Form("name", "Mine", "coverage", shopapi.CoverageNational, "cost", "0")},
			{"a page that is not there", "GET", "/no/such/page", nil},
			{"a book that is not there", "GET", "/books/999999", nil},
		} {
			t.Run(r.name, func(t *testing.T) { expectRefusal(t, visitor, r.method, s.URL+r.path, r.form) })
		}
		if got := s.Stock(t, m.bookID); got != 4 {
			t.Errorf("the stock is %d after all this, want 4", got)
		}
	})
}

// expectRefusal sends a request and wants a whole page with a 4xx status.
func expectRefusal(t *testing.T, visitor *http.Client, method, target string, fields url.Values) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, target, strings.NewReader(fields.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := visitor.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode < 400 || resp.StatusCode > 499 {
		t.Errorf("got %s at %s, want 4xx", resp.Status, resp.Request.URL)
	}
	if !strings.Contains(string(page), "</html>") {
		t.Errorf("got no whole page: %.200s", page)
	}
}
