//go:build linux

package images

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// visitor is someone with a browser that runs no scripts.
type visitor struct {
	t       *testing.T
	shop    string // its address
	browser *http.Client
}

// page is what a visitor sees.
type page struct {
	status int
	url    *url.URL
	text   string
}

func (n *network) newVisitor(t *testing.T, shop string) *visitor {
	jar, _ := cookiejar.New(nil) // never fails
	transport := &http.Transport{DialContext: n.dial}
	t.Cleanup(transport.CloseIdleConnections)
	return &visitor{t: t, shop: shop, browser: &http.Client{Jar: jar, Timeout: 30 * time.Second, Transport: transport}}
}

// try opens a page.
func (v *visitor) try(path string) (page, error) {
	resp, err := v.browser.Get(v.shop + path)
	return read(resp, err)
}

func read(resp *http.Response, err error) (page, error) {
	if err != nil {
		return page{}, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return page{resp.StatusCode, resp.Request.URL, string(body)}, err
}

// open opens a page that must be there.
func (v *visitor) open(path string) page {
	v.t.Helper()
	return v.must(v.try(path))
}

func (v *visitor) must(p page, err error) page {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	if p.status != http.StatusOK {
		v.t.Fatalf("%s: status %d\n%s", p.url, p.status, p.text)
	}
	return p
}

// send fills in the form on a page that leads to action, with names and values
// in turn, sends it, and returns the page that follows.
func (v *visitor) send(p page, action string, filled ...string) page {
	v.t.Helper()
	form := p.form(v.t, action)
	for i := 0; i < len(filled); i += 2 {
		form.Set(filled[i], filled[i+1])
	}
	resp, err := v.browser.PostForm(v.shop+action, form)
	return v.must(read(resp, err))
}

// sees waits until a page has a text.
func (v *visitor) sees(path, text string) page {
	v.t.Helper()
	var p page
	eventually(v.t, fmt.Sprintf("%s says %q", path, text), func() error {
		if p = v.open(path); !strings.Contains(p.text, text) {
			return fmt.Errorf("it says:\n%s", p.text)
		}
		return nil
	})
	return p
}

// form returns what a form on the page sends if nothing is filled in.
func (p page) form(t *testing.T, action string) url.Values {
	t.Helper()
	for n := range p.elements("form") {
		if attributes(n)["action"] == action {
			return fields(n)
		}
	}
	t.Fatalf("%s has no form that leads to %s:\n%s", p.url, action, p.text)
	return nil
}

// link returns the first link that leads below a path.
func (p page) link(t *testing.T, below string) string {
	t.Helper()
	for n := range p.elements("a") {
		if to := attributes(n)["href"]; strings.HasPrefix(to, below) {
			return to
		}
	}
	t.Fatalf("%s has no link to %s:\n%s", p.url, below, p.text)
	return ""
}

// elements yields those of one kind on the page.
func (p page) elements(kind string) func(yield func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		root, err := html.Parse(strings.NewReader(p.text))
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

func fields(form *html.Node) url.Values {
	values := url.Values{}
	for n := range form.Descendants() {
		a := attributes(n)
		_, checked := a["checked"]
		chosen := checked || a["type"] != "radio" && a["type"] != "checkbox"
		if n.Data == "input" && a["name"] != "" && chosen {
			values.Add(a["name"], a["value"])
		}
	}
	return values
}

func attributes(n *html.Node) map[string]string {
	return maps.Collect(func(yield func(string, string) bool) {
		for _, a := range n.Attr {
			if !yield(a.Key, a.Val) {
				return
			}
		}
	})
}
