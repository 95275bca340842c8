package faults

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

// errSilence says that a page did not come, or that it was an apology.
var errSilence = apierr.Unavailable("frontend")

// fillCartOnPages puts the books into the cart and reads the checkout's form.
func (b *shopper) fillCartOnPages(ctx context.Context, c *checkout) error {
	for _, l := range c.request.Lines {
		if _, err := b.post(ctx, fmt.Sprintf("/cart/lines/%d", l.BookID), pages.Form("quantity", "1")); err != nil {
			return err
		}
	}
	fields, err := b.formOn(ctx, "/checkout")
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"name": shoptest.Home.Name, "line1": shoptest.Home.Line1, "city": shoptest.Home.City, "region": shoptest.Home.Region, "country": shoptest.Home.Country} {
		fields.Set(name, value)
	}
	c.form = fields
	return nil
}

// placeOnPages sends the checkout's form and returns the order to which the
// answer leads.
func (b *shopper) placeOnPages(ctx context.Context, fields url.Values) (shopapi.Order, error) {
	leads, err := b.post(ctx, "/checkout", fields)
	if err != nil {
		return shopapi.Order{}, err
	}
	match := pages.OrderPath.FindStringSubmatch(leads)
	if match == nil {
		return shopapi.Order{}, apierr.New(apierr.KindConflict, "sent back to "+leads)
	}
	order, err := b.orders.Order(b.as(ctx), match[1])
	for err != nil && shoptest.Pause(ctx, retryPause) { // what the order is, is known sooner or later
		order, err = b.orders.Order(b.as(ctx), match[1])
	}
	return order, err
}

func (b *shopper) payOnPages(ctx context.Context, id, card string) error {
	_, err := b.post(ctx, "/orders/"+id+"/payment",
		pages.Form("method", shopapi.MethodCard, "number", card, "exp_month", "12", "exp_year", "2099", "cvc", "123"))
	return err
}

func (b *shopper) cancelOnPages(ctx context.Context, id string) error {
	_, err := b.post(ctx, "/orders/"+id+"/cancel", pages.Form())
	return err
}

// post sends a form and returns where the answer leads. It returns an error of
// the kind that the page's status stands for.
func (b *shopper) post(ctx context.Context, path string, fields url.Values) (leads string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, b.URL+path, strings.NewReader(fields.Encode()))
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, _, err := b.open(req)
	if err != nil {
		return "", err
	}
	if resp.StatusCode != http.StatusSeeOther {
		return "", apierr.New(apierr.KindMalformed, fmt.Sprintf("no redirect but %s at %s", resp.Status, path))
	}
	return resp.Header.Get("Location"), nil
}

// open fetches a page whole.
func (b *shopper) open(req *http.Request) (*http.Response, string, error) {
	resp, page, err := pages.Exchange(b.browser, req)
	switch {
	case err != nil, resp.StatusCode >= http.StatusInternalServerError:
		return nil, "", errSilence
	case resp.StatusCode >= http.StatusBadRequest:
		return nil, "", apierr.New(apierr.KindOf(resp.StatusCode), "page "+resp.Status)
	case strings.HasPrefix(resp.Header.Get("Location"), "/login"):
		b.tally.wrongf("buyer %d was signed out at %s", b.ID, req.URL.Path)
	}
	return resp, page, nil
}

// formOn returns the fields, as they are filled in, of the form on a page that
// is sent to the page itself.
func (b *shopper) formOn(ctx context.Context, path string) (url.Values, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, b.URL+path, nil)
	if err != nil {
		return nil, err
	}
	resp, page, err := b.open(req)
	if err != nil {
		return nil, err
	}
	form := pages.FindForm(page, path)
	if form == nil {
		return nil, fmt.Errorf("no form on %s, which answered %s", path, resp.Status)
	}
	return pages.FieldsOf(form), nil
}
