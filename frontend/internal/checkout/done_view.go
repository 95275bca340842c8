package checkout

import (
	"bookstore/frontend/internal/ui"
	"bookstore/shared/shopapi"
)

// Done is what the last step of the checkout shows.
type Done struct {
	Order shopapi.Order
	Email string // to which mails go; "" if it is not known
}

// mails says where the mails about the order go, "" if none are sent.
func (d Done) mails(p ui.Page) string {
	switch {
	case !d.Order.SendsMail:
		return ""
	case d.Email == "":
		return p.T("done.mails")
	}
	return p.T("done.mails_to", "Email", d.Email)
}

// follow says where the buyer learns what became of the order.
func (d Done) follow(p ui.Page) string {
	if d.Order.SendsMail {
		return p.T("done.follow_by_mail")
	}
	return p.T("done.follow")
}
