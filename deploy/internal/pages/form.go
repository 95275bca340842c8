package pages

import (
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

// FieldsOf returns what a browser would send of a form's inputs.
func FieldsOf(form *html.Node) url.Values {
	fields := url.Values{}
	for n := range form.Descendants() {
		name := Attribute(n, "name")
		switch kind := Attribute(n, "type"); {
		case n.Data != "input" || name == "":
		case (kind == "radio" || kind == "checkbox") && !has(n, "checked"):
		default:
			fields.Add(name, Attribute(n, "value"))
		}
	}
	return fields
}

// Attribute returns the value of an element's attribute, empty if it has none.
func Attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// HasForm reports whether a page has a form that posts to action.
func HasForm(page, action string) bool { return FindForm(page, action) != nil }

// FindForm returns the form on a page that posts to action; nil if there is none.
func FindForm(page, action string) *html.Node {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil
	}
	for n := range root.Descendants() {
		if n.Data == "form" && Attribute(n, "action") == action && Attribute(n, "method") == "post" {
			return n
		}
	}
	return nil
}
