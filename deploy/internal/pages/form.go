package pages

import (
	"iter"
	"net/url"
	"strings"

	"golang.org/x/net/html"
)

// Form returns the fields named by pairs; a later pair replaces an earlier one.
func Form(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// FindForm returns the form on a page that posts to action; nil if there is none.
func FindForm(page, action string) *html.Node {
	for form := range elements(page, "form") {
		if attribute(form, "action") == action && attribute(form, "method") == "post" {
			return form
		}
	}
	return nil
}

// FieldsOf returns what a browser would send of a form's inputs if nothing were
// filled in.
func FieldsOf(form *html.Node) url.Values {
	fields := url.Values{}
	for n := range form.Descendants() {
		name, kind := attribute(n, "name"), attribute(n, "type")
		chosen := has(n, "checked") || kind != "radio" && kind != "checkbox"
		if n.Data == "input" && name != "" && chosen {
			fields.Add(name, attribute(n, "value"))
		}
	}
	return fields
}

// FindLink returns where the first link on a page leads that leads below a
// path; empty if there is none.
func FindLink(page, below string) string {
	for a := range elements(page, "a") {
		if to := attribute(a, "href"); strings.HasPrefix(to, below) {
			return to
		}
	}
	return ""
}

// elements yields those of one kind on a page.
func elements(page, kind string) iter.Seq[*html.Node] {
	return func(yield func(*html.Node) bool) {
		root, err := html.Parse(strings.NewReader(page))
		if err != nil {
			return // a reader of a string does not fail
		}
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && n.Data == kind && !yield(n) {
				return
			}
		}
	}
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
