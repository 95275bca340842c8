package web

import (
	"net/http"
	"strings"

	"github.com/gorilla/mux"
)

// Patterns of the ids in paths. What does not look like one is no page.
const (
	orderPath    = "/orders/{id:" + uuidPattern + "}"
	salePath     = "/selling/orders/{id:" + uuidPattern + "}"
	adminPath    = "/admin/orders/{id:" + uuidPattern + "}"
	linePath     = "/cart/lines/{id:" + numberPattern + "}"
	providerPath = "/admin/delivery-providers/{id:" + numberPattern + "}"

	uuidPattern   = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
	numberPattern = "[0-9]+"
)

// shoppingRoutes registers everything between the cart and the delivery.
func (s *Server) shoppingRoutes(r *mux.Router) {
	s.get(r, "/cart", s.showCart)
	s.post(r, "/cart", s.addToCart)
	s.post(r, linePath, s.setCartLine)
	s.post(r, linePath+"/remove", s.removeCartLine)

	s.get(r, "/checkout", s.signedIn(s.showCheckout))
	s.post(r, "/checkout", s.signedIn(s.placeOrder))

	s.get(r, "/orders", s.signedIn(s.listOrders))
	s.get(r, orderPath, s.signedIn(s.showOrder))
	s.post(r, orderPath+"/cancel", s.signedIn(s.cancelOrder))
	s.get(r, orderPath+"/payment", s.signedIn(s.showPayment))
	s.post(r, orderPath+"/payment", s.signedIn(s.payOrder))
	s.get(r, sandboxPayPalPath, s.showSandboxPayPal)
	s.post(r, sandboxPayPalPath, s.decideSandboxPayPal)

	s.get(r, "/selling/orders", s.seller(s.listSales))
	s.get(r, salePath, s.seller(s.showSale))
	s.post(r, salePath+"/accept", s.seller(s.acceptSale))
	s.post(r, salePath+"/dispatch", s.seller(s.dispatchSale))
	s.post(r, salePath+"/deliver", s.seller(s.deliverSale))
	s.post(r, salePath+"/reject", s.seller(s.rejectSale))

	s.adminShopRoutes(r)
}

func (s *Server) adminShopRoutes(r *mux.Router) {
	s.get(r, "/admin/orders", s.admin(s.listAllOrders))
	s.get(r, adminPath, s.admin(s.showAdminOrder))
	s.post(r, adminPath+"/confirm", s.admin(s.confirmTransfer))
	s.post(r, adminPath+"/refunds", s.admin(s.refundOrder))

	s.get(r, "/admin/delivery-providers", s.admin(s.listProviders))
	s.post(r, "/admin/delivery-providers", s.admin(s.addProvider))
	s.get(r, "/admin/delivery-providers/new", s.admin(s.newProvider))
	s.post(r, providerPath, s.admin(s.changeProvider))
	s.get(r, providerPath+"/edit", s.admin(s.editProvider))
	s.post(r, providerPath+"/active", s.admin(s.offerProvider))
	s.post(r, providerPath+"/delete", s.admin(s.deleteProvider))

	s.get(r, "/admin/mails", s.admin(s.listMails))
}

// nextURL returns the address of the list's next page: this one's with another
// cursor, or "" if there is none.
func nextURL(r *http.Request, cursor string) string {
	if cursor == "" {
		return ""
	}
	query := r.URL.Query()
	query.Set("cursor", cursor)
	return r.URL.Path + "?" + query.Encode()
}

// own turns an address on our own site into a path, so that visitors stay on
// the host name they came by. Others are returned as they are.
func (s *Server) own(address string) string {
	if path, ok := strings.CutPrefix(address, s.origin()); ok && strings.HasPrefix(path, "/") {
		return path
	}
	return address
}

// number returns a numeric parameter of an error, as JSON brought it.
func number(params map[string]any, name string) (int64, bool) {
	switch n := params[name].(type) {
	case float64:
		return int64(n), true
	case int64:
		return n, true
	case int:
		return int64(n), true
	}
	return 0, false
}
