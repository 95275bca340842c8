package story

import (
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
}
