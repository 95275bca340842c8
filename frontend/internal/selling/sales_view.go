package selling

import (
	"net/url"
	"strings"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/i18n"
	"bookstore/shared/shopapi"

	"github.com/a-h/templ"
)

// SaleList is what the page of a seller's sales shows.
type SaleList struct {
	State string // that is shown; "" for all
	Sales []shopapi.Sale
	Next  string // orders.Address of the next page; "" on the last
}

// Sale is what the page of one sale shows.
type Sale struct {
	shopapi.Sale
	Form ui.Form // of the move that was refused, if one was
}

var saleStates = []string{
	shopapi.ShipmentNew, shopapi.ShipmentAccepted, shopapi.ShipmentDispatched,
	shopapi.ShipmentDelivered, shopapi.ShipmentRejected, shopapi.ShipmentCancelled,
}

// open reports whether the seller still has to send the books.
func (v Sale) open() bool {
	return v.State == shopapi.ShipmentNew || v.State == shopapi.ShipmentAccepted
}

func saleURL(id string) templ.SafeURL { return templ.SafeURL("/selling/orders/" + id) }

func salesURL(state string) templ.SafeURL {
	if state == "" {
		return "/selling/orders"
	}
	return templ.SafeURL("/selling/orders?state=" + url.QueryEscape(state))
}

// saleTitles names the books of a sale, with how many of each.
func saleTitles(p ui.Page, s shopapi.Sale) string {
	titles := make([]string, 0, len(s.Lines))
	for _, line := range s.Lines {
		title := i18n.Isolate(line.Title)
		if line.Quantity > 1 {
			title = ui.QuantityText(p, line.Quantity) + " " + title
		}
		titles = append(titles, title)
	}
	return strings.Join(titles, ", ")
}
