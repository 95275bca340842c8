package story

import (
	"fmt"
	"testing"

	"bookstore/deploy/internal/browser"
	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"

	"github.com/chromedp/chromedp/kb"
)

// What a browser does with the pages under people's hands, where it runs scripts.
func TestPagesAnswerKeysAndThumbs(t *testing.T) {
	s := shoptest.OpenOn(t, "sqlite", cluster.Options{})
	chromium := browser.Start(t)
	visit := func(t *testing.T, o browser.Options) *browser.Visitor { return chromium.NewVisitor(t, s.URL, o) }

	t.Run("Escape closes a menu and gives the focus back", func(t *testing.T) {
		v := visit(t, browser.Options{})
		v.Open("/")
		v.Click("English Language and appearance")
		v.SeeElement(".menu-panel")
		v.Press(kb.Tab)
		v.Press(kb.Escape)
		v.SeeNone(".menu-panel")
		if got := v.Focused(); got != "English Language and appearance" {
			t.Errorf("the focus is at %q", got)
		}
	})

	seller := s.RegisterSeller(t, "Sam Seller")
	book := s.List(t, seller, "Frankenstein", 850, 2)
	page := fmt.Sprintf("/books/%d", book.ID)
	phone := browser.Options{Width: 390, Height: 700}

	t.Run("a phone shows how to buy, and the answer, without scrolling", func(t *testing.T) {
		v := visit(t, phone)
		v.Open(page)
		v.SeeOnScreen(".buy-box button.wide")
		v.Click("Add to cart")
		v.SeeOnScreen(".flash.is-bar")
		v.CheckAccessibility()
		v.Click("Close this message")
		v.SeeNone(".flash.is-bar")
		v.Click("Add to cart")
		v.Click("View cart")
		v.ArriveAt("/cart")
	})

	t.Run("the cart changes without a button to press, up to the last copy", func(t *testing.T) {
		v := visit(t, browser.Options{})
		v.Open(page)
		v.Click("Add to cart")
		v.Click("View cart")
		v.SeeElement(`.stepper [value="-1"]:disabled`)
		if v.Shows("Update") {
			t.Error("a button says Update where scripts run")
		}
		v.Fill("quantity", "2")
		v.Press(kb.Tab)
		v.See("$17.00")
		v.SeeElement(`.stepper [value="1"]:disabled`)
		v.ClickElement(`.stepper [value="-1"]`)
		v.SeeElement(`.stepper [value="1"]:not(:disabled)`)
		v.Fill("quantity", "2")
		v.Press(kb.Enter) // is not "one less"
		v.See("$17.00")
	})

	t.Run("the search suggests as a combobox does", func(t *testing.T) {
		v := visit(t, browser.Options{})
		v.Open("/")
		v.Fill("q", "frank")
		v.SeeElement(`#suggestions [role="option"]`)
		v.CheckAccessibility()
		v.Press(kb.Escape)
		v.SeeNone(`#suggestions [role="option"]`)
		if got := v.Value("q"); got != "frank" {
			t.Errorf("Escape left %q in the field", got)
		}
		v.Fill("q", "franken")
		v.SeeElement(`[role="combobox"][aria-expanded="true"]`)
		v.Press(kb.ArrowUp)
		v.SeeElement(`#suggestions-all[aria-selected="true"]`)
		v.Press(kb.ArrowDown + kb.ArrowDown)
		v.SeeElement(`[role="option"][href="` + page + `"][aria-selected="true"]`)
		v.Press(kb.Enter)
		v.ArriveAt(page)
	})

	t.Run("a phone's filters say how many books they leave, and lead to them", func(t *testing.T) {
		v := visit(t, phone)
		v.Open("/books")
		v.Click("Filters")
		v.ClickElement(`label:has([name="condition"][value="good"])`)
		v.See("Show 1 book")
		v.SeeOnScreen("#filters-apply")
		v.CheckAccessibility()
		v.Click("Show 1 book")
		v.SeeNone("#filters-apply")
		v.SeeOnScreen("#books .book-card-title")
	})

	t.Run("a listing is shown as buyers will see it, with its picture, before it is sent", func(t *testing.T) {
		v := visit(t, browser.Options{})
		v.Open("/login")
		v.Fill("email", seller.Email)
		v.Fill("password", seller.Password)
		v.ClickElement("main form button.wide")
		v.See("Sam Seller")
		v.Open("/selling/books/new")
		v.Fill("title", "The Time Machine")
		v.Fill("price", "8.50")
		v.SeePicture(`#preview img[src^="data:image/svg+xml,"]`)
		v.Upload("cover", story{t: t}.photo())
		v.SeePicture(`.cover-field img[src^="blob:"]`)
		v.SeePicture(`#preview img[src^="blob:"]`)
		v.Fill("title", "The Time Machine, signed")
		v.See("The Time Machine, signed")
		v.SeePicture(`#preview img[src^="blob:"]`)
		v.SeeElement("#preview .price")
		v.CheckAccessibility()
	})
}
