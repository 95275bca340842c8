package browser_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"bookstore/deploy/internal/browser"
)

func site(t *testing.T) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if r.Method == http.MethodPost {
			fmt.Fprintf(w, "<!doctype html><html lang=en><title>Hello</title><main><h1>Hello, %s from %s</h1></main>",
				r.FormValue("name"), r.FormValue("country"))
			return
		}
		fmt.Fprint(w, `<!doctype html><html lang=en><title>Form</title><main><h1>Form</h1>
			<noscript>No scripts here</noscript>
			<form method=post><label>Name <input name=name value=old></label>
			<label>Country <select name=country><option>CO<option>ES</select></label>
			<button>Greet</button></form></main>`)
	}))
	t.Cleanup(server.Close)
	return server.URL
}

func TestAVisitorFillsAFormWithAndWithoutScripts(t *testing.T) {
	b := browser.Start(t)
	for _, noScript := range []bool{false, true} {
		v := b.NewVisitor(t, site(t), browser.Options{NoScript: noScript})
		v.Open("/")
		if got := v.Shows("No scripts here"); got != noScript {
			t.Errorf("scripts off: %t, but <noscript> is shown: %t", noScript, got)
		}
		v.Fill("name", "Ada")
		v.Fill("country", "ES")
		v.Click("Greet")
		v.See("Hello, Ada from ES")
	}
}

func TestTheAccessibilityCheckFindsAMissingLabel(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, `<!doctype html><html lang=en><title>Bad</title><main><h1>Bad</h1><input name=q></main>`)
	}))
	defer server.Close()
	v := browser.Start(t).NewVisitor(t, server.URL, browser.Options{})
	v.Open("/")
	if violations := v.AccessibilityViolations(); len(violations) == 0 {
		t.Error("an input without a label passes")
	}
	good := browser.Start(t).NewVisitor(t, site(t), browser.Options{})
	good.Open("/")
	good.CheckAccessibility()
}
