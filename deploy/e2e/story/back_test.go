package story

import (
	"fmt"
	"testing"

	"bookstore/deploy/internal/browser"
	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
)

// Whoever looks into a book of a long list comes back to all that was loaded,
// at the same place, signed in or not. What is private does not come back after
// signing out.
func TestTheBackButtonBringsListsBackAndNothingPrivate(t *testing.T) {
	s := shoptest.OpenOn(t, "sqlite", cluster.Options{})
	seller, buyer := s.RegisterSeller(t, "Long Shelf Books"), s.Register(t, "Bea Buyer")
	for i := range 72 {
		s.List(t, seller, fmt.Sprintf("Volume %d", i+1), 500, 3)
	}
	v := browser.Start(t).NewVisitor(t, s.URL, browser.Options{Width: 390})
	v.Open("/login")
	v.Fill("email", buyer.Email)
	v.Fill("password", buyer.Password)
	v.ClickElement("main form button[type=submit]")
	v.SeeElement(".hero")

	v.Open("/books")
	for _, loaded := range []int{24, 48} {
		v.SeeMany(loaded, "#books > li")
		v.ClickElement("#load-more-link")
	}
	v.SeeMany(72, "#books > li")
	const far = "#books > li:nth-child(60) a"
	v.ClickElement(far)
	v.SeeElement(".buy-box")
	v.ClickElement(".buy-box button.wide")
	v.See("Added to your cart")
	v.Back()
	v.SeeMany(72, "#books > li")
	v.SeeInView(far)
	v.SeeElement("#cart-count:not(:empty)")

	v.Open("/account")
	v.See("Change password")
	v.ClickElement(`details.menu:has(form[action="/logout"]) summary`)
	v.Click("Sign out")
	v.See("signed out")
	v.Back()
	v.ArriveAt("/login")
	v.Back()
	v.ArriveAt("/books")
	v.SeeElement(`a[href^="/login"]`)
	if v.Shows(buyer.Name) {
		t.Error("a list still greets the one who signed out")
	}
}
