package web_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"bookstore/frontend/internal/ui"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/page"
	"bookstore/shared/shopapi"

	"github.com/PuerkitoBio/goquery"
	"golang.org/x/net/html"
)

// hebrew is what people wrote, wherever they can write.
const hebrew = "ספר"

// Text of another direction than the page's turns what stands beside it round,
// such as a price, unless it is isolated.
func TestPeoplesTextLeavesThePageInItsDirection(t *testing.T) {
	backend := &webtest.Stub{Answers: hebrewAnswers(t)}
	hebrewName := func(user ui.User) *ui.User { user.Name = hebrew; return &user }
	for user, paths := range map[*ui.User][]string{
		hebrewName(*webtest.Buyer): {
			"/", "/books?q=" + hebrew + "&seller_id=8", "/books/7", "/cart", "/checkout", "/orders", "/orders/" + webtest.OrderID, webtest.PaymentPath, "/account",
		},
		hebrewName(*webtest.Seller): {"/selling/books", "/selling/books/7/edit", "/selling/orders", "/selling/orders/" + webtest.ShipmentID},
		hebrewName(*webtest.Admin):  {"/admin/users", "/admin/orders", "/admin/orders/" + webtest.OrderID, "/admin/delivery-providers"},
	} {
		b := webtest.Visit(t, backend, user)
		for _, path := range paths {
			answer := b.Get(path)
			answer.Shows(http.StatusOK)
			if path != "/orders" && !strings.Contains(answer.Text("main"), hebrew) && answer.Page.Find(`[value*="`+hebrew+`"]`).Length() == 0 {
				t.Errorf("%s shows nothing that people wrote", path)
			}
			checkDirections(t, path, answer.Page.Find("body").Get(0), false)
		}
	}
	b := webtest.Visit(t, backend, nil)
	b.Script = true
	checkDirections(t, "suggestions", b.Get("/books/suggestions?q="+hebrew).Page.Get(0), false)
}

// checkDirections blames Hebrew in the tree that is not isolated.
func checkDirections(t *testing.T, path string, n *html.Node, isolated bool) {
	t.Helper()
	switch {
	case n.Type == html.TextNode && strings.Contains(n.Data, hebrew) && !isolated && !strings.Contains(n.Data, "\u2068"):
		t.Errorf("%s: %q is not isolated in <%s class=%q>", path, strings.TrimSpace(n.Data), n.Parent.Data, goquery.NewDocumentFromNode(n.Parent).AttrOr("class", ""))
	case n.Type == html.ElementNode:
		element := goquery.NewDocumentFromNode(n)
		own := n.Data == "bdi" || n.Data == "option" || element.AttrOr("dir", "") == "auto"
		typed := n.Data == "input" && element.AttrOr("type", "text") != "hidden" && element.AttrOr("type", "") != "radio"
		if typed && strings.Contains(element.AttrOr("value", ""), hebrew) && !own {
			t.Errorf("%s: the field %s has no direction", path, element.AttrOr("name", ""))
		}
		isolated = isolated || own
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		checkDirections(t, path, child, isolated)
	}
}

// hebrewAnswers are those of backends to whom people have written Hebrew.
func hebrewAnswers(t *testing.T) map[string]any {
	t.Helper()
	book := webtest.Dracula()
	book.Publisher, book.SKU = "Dracula", "Dracula"
	order := webtest.SampleOrder(shopapi.OrderPaid, func(o *shopapi.Order) {
		o.Refunds = []shopapi.Refund{{ID: "r", Amount: webtest.USD(1), State: shopapi.RefundDue, Note: "Dracula"}}
		o.Events = []shopapi.Event{
			{Actor: shopapi.ActorSeller, Subject: shopapi.SubjectShipment, SubjectID: webtest.ShipmentID, From: shopapi.ShipmentNew, To: shopapi.ShipmentRejected, Note: "Dracula"},
		}
		o.Shipments[0].RejectReason = "Dracula"
	})
	sale := webtest.SampleSale(shopapi.ShipmentNew)
	sale.Events = order.Events
	user := authapi.User{ID: 7, Name: "Dracula", Email: "ana@example.com", Role: "buyer", Status: "active", SellerName: "Dracula"}
	books := catalogapi.Books{Page: page.Page[catalogapi.Book]{Items: []catalogapi.Book{book}}, Total: 1}
	answers := map[string]any{
		"GET /v1/books": books, "GET /v1/books/7": book, "GET /v1/categories": catalogapi.Categories{Items: []catalogapi.Category{}},
		"GET /v1/cart": webtest.CartOf(webtest.CartLine(nil)), "GET /v1/delivery-providers": webtest.DeliveryProviders,
		"GET /v1/orders": shopapi.Orders{Items: []shopapi.Order{order}}, webtest.OrderCall: order,
		"GET /v1/payment-methods": shopapi.PaymentMethods{}, "GET /v1/users/me": user, "GET /v1/sessions": authapi.Sessions{Items: []authapi.Session{}},
		"GET /v1/sales": shopapi.Sales{Items: []shopapi.Sale{sale}}, "GET /v1/sales/" + webtest.ShipmentID: sale,
		"GET /v1/users": authapi.Users{Items: []authapi.User{user}}, "GET /v1/admin/orders": shopapi.Orders{Items: []shopapi.Order{order}},
	}
	written := strings.NewReplacer("Dracula", hebrew, "Bram Stoker", hebrew, "Blue Door Books", hebrew, "Blue Door", hebrew,
		"Ana Gómez", hebrew, "Calle 1 # 2-3", hebrew, "Bogotá", hebrew, "DHL", hebrew, "Envia", hebrew, "First.", hebrew)
	for call, answer := range answers {
		text, err := json.Marshal(answer)
		if err != nil {
			t.Fatal(err)
		}
		answers[call] = json.RawMessage(written.Replace(string(text)))
	}
	return answers
}
