//go:build linux

package images

import (
	"strings"
	"testing"

	"bookstore/shared/shopapi"

	"bookstore/shared/catalogapi"
)

const shopURL = "http://127.0.0.1:8080"

// sale is the shop's main story: somebody sells a book to somebody else.
type sale struct {
	seller, buyer *visitor
	order         string // its page
	cover         string // the address of the picture of the copy
}

// sell tells the story through the shop's pages.
func (n *network) sell(t *testing.T) *sale {
	t.Helper()
	s := &sale{seller: n.newVisitor(t, shopURL), buyer: n.newVisitor(t, shopURL)}
	s.seller.register("Sam Seller", "sam@example.com")
	s.seller.send(s.seller.open("/selling"), "/selling", "seller_name", "Second Story Books")
	s.seller.sendPicture(s.seller.open("/selling/books/new"), "/selling/books/new", "title", "The Time Machine", "authors", "H. G. Wells",
		"year", "1895", "category", "science-fiction", "language", "en", "condition", catalogapi.ConditionVeryGood, "price", "8.50", "stock", "2")

	s.buyer.register("Bea Buyer", "bea@example.com")
	book := s.buyer.sees("/books?q=time+machine", "The Time Machine").link(t, "/books/")
	s.cover = s.buyer.seesCover(book)
	s.buyer.send(s.buyer.open(book), "/cart")
	paying := s.buyer.send(s.buyer.open("/checkout"), "/checkout",
		"name", "Bea Buyer", "line1", "Calle 10 # 5-51", "city", "Bogotá", "region", "Bogotá", "country", "CO")
	s.order = strings.TrimSuffix(paying.url.Path, "/payment")
	s.buyer.send(paying, s.order+"/payment", "method", shopapi.MethodCard,
		"number", "4242424242424242", "exp_month", "12", "exp_year", "2099", "cvc", "123")
	s.buyer.sees(s.order, "Paid")

	dispatch := s.seller.sees("/selling/orders", "The Time Machine").link(t, "/selling/orders/")
	s.seller.send(s.seller.open(dispatch), dispatch+"/dispatch", "tracking_number", "SV-20260-CO")
	s.check()
	return s
}

// check wants the buyer to be signed in and to see the parcel, and the picture
// of what is in it.
func (s *sale) check() {
	s.buyer.t.Helper()
	s.buyer.sees(s.order, "SV-20260-CO")
	s.buyer.seesPicture(s.cover)
}

func (v *visitor) register(name, email string) {
	v.t.Helper()
	v.send(v.open("/register"), "/register", "name", name, "email", email, "password", "a long enough one")
	v.sees("/account", email)
}
