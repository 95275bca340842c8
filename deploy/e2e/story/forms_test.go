package story

import (
	"fmt"
	"testing"

	"bookstore/deploy/internal/browser"
	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
)

// What people typed survives a lost network and a session that ended.
func TestNothingTypedIsLost(t *testing.T) {
	s := shoptest.OpenOn(t, "sqlite", cluster.Options{Frontends: 2})
	chromium := browser.Start(t)
	seller := s.RegisterSeller(t, "Sam Seller")
	book := s.List(t, seller, "Frankenstein", 850, 5)
	signIn := func(v *browser.Visitor) {
		v.Fill("email", seller.Email)
		v.Fill("password", seller.Password)
		v.ClickElement("main form button[type=submit]")
	}

	t.Run("a press without a network is answered and made again", func(t *testing.T) {
		v := chromium.NewVisitor(t, s.URL, browser.Options{Width: 390, Height: 700})
		v.Open(fmt.Sprintf("/books/%d", book.ID))
		v.Offline(true)
		v.Click("Add to cart")
		v.SeeOnScreen("#flash [data-retry]")
		v.CheckAccessibility()
		v.Click("Try again")
		v.SeeOnScreen("#flash [data-retry]")
		v.Offline(false)
		v.Click("Try again")
		v.See("View cart")

		v.Open("/register")
		v.Fill("name", "Nora New")
		v.Fill("email", "nora@example.com")
		v.Fill("password", "a long enough one")
		v.Offline(true)
		v.Click("Create account")
		v.SeeOnScreen("#flash [data-retry]")
		v.Offline(false)
		v.Click("Try again")
		v.See("Nora New")
	})

	t.Run("a password is shown while one wants to see it", func(t *testing.T) {
		v := chromium.NewVisitor(t, s.URL, browser.Options{Width: 390})
		v.Open("/register")
		v.Fill("password", "a long enough one")
		v.Click("Show password")
		v.SeeElement("#password[type=text]")
		v.CheckAccessibility()
		v.Click("Hide password")
		v.SeeElement("#password[type=password]")
	})

	for _, noScript := range []bool{false, true} {
		t.Run("a listing is there again after signing in "+scripts(noScript), func(t *testing.T) {
			v := chromium.NewVisitor(t, s.URL, browser.Options{NoScript: noScript})
			v.Open("/login")
			signIn(v)
			v.See("Sam Seller")
			v.Open("/selling/books/new")
			v.Fill("title", "The Time Machine")
			v.Fill("authors", "H. G. Wells")
			v.Fill("category", "science-fiction")
			v.Fill("language", "en")
			v.Click("Very good small signs of wear")
			v.Fill("price", "8.50")
			v.Fill("stock", "2")
			v.SignOutElsewhere()
			v.Click("Save")
			v.See("so nothing was sent")
			if !noScript {
				v.CheckAccessibility()
			}
			signIn(v)
			v.See("Nothing has been sent yet")
			if title, price := v.Value("title"), v.Value("price"); title != "The Time Machine" || price != "8.50" {
				t.Errorf("the form has %q at %q", title, price)
			}
		})
	}
}
