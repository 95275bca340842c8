package audit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"time"

	"bookstore/deploy/internal/pages"
	"bookstore/shared/apierr"
)

// visits are what people come for, and how often of a hundred times.
var visits = []struct {
	weight int
	come   func(*visit, context.Context)
}{
	{32, (*visit).browse},
	{26, (*visit).buy},
	{12, (*visit).regret},
	{8, (*visit).haggle},
	{10, (*visit).rush},
	{12, (*visit).sell},
}

// anyVisit returns one of them, each as often as its weight says.
func anyVisit(dice *rand.Rand) func(*visit, context.Context) {
	sum := 0
	for _, v := range visits {
		sum += v.weight
	}
	n := dice.IntN(sum)
	for _, v := range visits {
		if n -= v.weight; n < 0 {
			return v.come
		}
	}
	panic("unreachable: the weights sum up")
}

// visit is one person's way through the shop. Each of its requests is due at a
// moment that does not depend on the shop: the first when the visitor arrives,
// each other when the visitor has thought. Its time counts from then on, however
// late it was sent.
type visit struct {
	*run
	due time.Time
}

// ask makes a request, whose answer it times.
func (v *visit) ask(ctx context.Context, operation string, request func() error) error {
	err := request()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	now := time.Now()
	v.meter.answered(operation, v.due, now, err)
	v.due = now.Add(v.Think)
	pauseUntil(ctx, v.due)
	return err
}

// aside returns a visitor who goes on beside this one.
func (v *visit) aside() *visit { return &visit{v.run, v.due} }

// browse looks at pages, signed out.
func (v *visit) browse(ctx context.Context) {
	book := v.ledger.shelf(v.dice, 1)[0]
	browser := pages.NewBrowser()
	browser.Transport = pageTransport
	for _, p := range []struct{ operation, path, shows string }{
		{"page: home", "/", "</html>"},
		{"page: books", "/books", "</html>"},
		{"page: search", "/books?q=" + url.QueryEscape(book.Title), "</html>"},
		{"page: book", fmt.Sprintf("/books/%d", book.ID), book.Title},
	} {
		err := v.ask(ctx, p.operation, func() error { return open(ctx, browser, v.Target+p.path, p.shows) })
		if err != nil {
			return
		}
	}
}

// pageTransport keeps connections for all who look at pages.
var pageTransport = func() http.RoundTripper {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConnsPerHost = mostVisitors
	return t
}()

// open loads a page and wants it to show something.
func open(ctx context.Context, browser *http.Client, address, shows string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, page, err := pages.Exchange(browser, req)
	switch {
	case err != nil:
		return err
	case resp.StatusCode != http.StatusOK:
		return apierr.New(apierr.KindOf(resp.StatusCode), "page "+resp.Status)
	case !strings.Contains(page, shows):
		return fmt.Errorf("%s does not show %q", address, shows)
	}
	return nil
}

// until repeats a request that has the same effect however often it is sent,
// until it is answered or ctx ends.
func (v *visit) until(ctx context.Context, operation string, request func() error) error {
	for {
		err := v.ask(ctx, operation, request)
		if err == nil || !isUnanswered(err) || !pauseUntil(ctx, time.Now().Add(retryPause)) {
			return err
		}
	}
}

// retryPause is how long nobody asks again after silence.
const retryPause = 200 * time.Millisecond
