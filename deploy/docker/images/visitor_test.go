//go:build linux

package images

import (
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/pages"
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
	form := pages.FindForm(p.text, action)
	if form == nil {
		t.Fatalf("%s has no form that leads to %s:\n%s", p.url, action, p.text)
	}
	return pages.FieldsOf(form)
}

// link returns the first link that leads below a path.
func (p page) link(t *testing.T, below string) string {
	t.Helper()
	to := pages.FindLink(p.text, below)
	if to == "" {
		t.Fatalf("%s has no link to %s:\n%s", p.url, below, p.text)
	}
	return to
}
