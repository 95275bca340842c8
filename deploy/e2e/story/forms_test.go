package story

import (
	"fmt"
	"testing"

	"bookstore/deploy/internal/browser"
	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
)

// What people typed survives a lost network.
func TestNothingTypedIsLost(t *testing.T) {
	s := shoptest.OpenOn(t, "sqlite", cluster.Options{Frontends: 2})
	chromium := browser.Start(t)
	book := s.List(t, s.RegisterSeller(t, "Sam Seller"), "Frankenstein", 850, 5)

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
}
