package checkout

import (
	"net/http"
	"strconv"
	"strings"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

// seenLine is a line of the cart as the buyer saw it on the checkout page.
type seenLine struct {
	shopapi.PlaceLine
	SellerID int64
}

// readSeenLines reads the lines that the form carries along. They are not
// typed, so a wrong one is somebody's doing.
func readSeenLines(form *ui.Form) ([]seenLine, error) {
	books, sellers := form.Values["book_id"], form.Values["seller_id"]
	quantities, prices := form.Values["quantity"], form.Values["price"]
	if len(books) == 0 || len(sellers) != len(books) || len(quantities) != len(books) || len(prices) != len(books) {
		return nil, apierr.Field("lines", apierr.CodeRequired)
	}
	lines := make([]seenLine, len(books))
	for i := range books {
		for _, f := range []struct {
			name, text string
			into       *int64
			least      int64
		}{
			{"book_id", books[i], &lines[i].BookID, 1},
			{"seller_id", sellers[i], &lines[i].SellerID, 1},
			{"quantity", quantities[i], &lines[i].Quantity, 1},
			{"price", prices[i], &lines[i].Price, 0},
		} {
			n, err := strconv.ParseInt(f.text, 10, 64)
			if err != nil || n < f.least {
				return nil, apierr.Field(f.name, apierr.CodeBadFormat)
			}
			*f.into = n
		}
	}
	return lines, nil
}

func placeLines(seen []seenLine) []shopapi.PlaceLine {
	lines := make([]shopapi.PlaceLine, len(seen))
	for i, line := range seen {
		lines[i] = line.PlaceLine
	}
	return lines
}

// readSeenAmount reads an amount that the form carries along as the buyer saw
// it, in minor units; nil if it carries none, as a page of the release before.
func readSeenAmount(form *ui.Form, name string) (*int64, error) {
	text := form.Value(name)
	if text == "" {
		return nil, nil
	}
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 {
		return nil, apierr.Field(name, apierr.CodeBadFormat)
	}
	return &n, nil
}

// readDeliveries returns the provider chosen for each seller of the lines, with
// the cost that stood beside it, and blames the choices that are missing.
func (s pages) readDeliveries(r *http.Request, form *ui.Form, lines []seenLine) ([]shopapi.DeliveryChoice, error) {
	var deliveries []shopapi.DeliveryChoice
	known := map[int64]bool{}
	for _, line := range lines {
		if known[line.SellerID] {
			continue
		}
		known[line.SellerID] = true
		field := ProviderField(line.SellerID)
		id, err := strconv.ParseInt(form.Value(field), 10, 64)
		if err != nil || id < 1 {
			form.Blame(field, site.Words(r).T("checkout.choose_provider"))
			continue
		}
		cost, err := readSeenAmount(form, costField(line.SellerID, id))
		if err != nil {
			return nil, err
		}
		deliveries = append(deliveries, shopapi.DeliveryChoice{SellerID: line.SellerID, ProviderID: id, Cost: cost})
	}
	return deliveries, nil
}

// index returns the position in an error's field such as "lines[2].quantity",
// if the field belongs to the list of this name.
func index(field, list string) (int, bool) {
	rest, ok := strings.CutPrefix(field, list+"[")
	if !ok {
		return 0, false
	}
	digits, _, ok := strings.Cut(rest, "]")
	if !ok {
		return 0, false
	}
	i, err := strconv.Atoi(digits)
	return i, err == nil && i >= 0
}
