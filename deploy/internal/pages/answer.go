// Package pages uses the shop's pages as a browser without scripts does: it
// sends requests, keeps cookies, fills in forms, and remembers what failed.
package pages

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"time"
)

// Answer is an answer that came whole.
type Answer struct {
	*http.Response
	Page string
}

// StatusText returns the status, also where no answer came.
func (a Answer) StatusText() string {
	if a.Response == nil {
		return "no answer"
	}
	return a.Status
}

// IsApology reports whether an answer is a page in the shop's layout which says
// that the visitor should come back in a moment.
func IsApology(resp *http.Response, page string) bool {
	return resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") != "" &&
		strings.Contains(page, "</html>") && strings.Contains(page, `href="/cart"`)
}

// Exchange sends a request and returns the answer with its body.
func Exchange(client *http.Client, req *http.Request) (*http.Response, string, error) {
	resp, err := client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	return resp, string(page), err
}

// NewBrowser returns a client that keeps cookies and does not follow redirects:
// where they lead is the answer.
func NewBrowser() *http.Client {
	jar, _ := cookiejar.New(nil) // never fails
	return &http.Client{
		Jar: jar, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}
