package selling_test

import (
	"net/http"
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/shopapi"
)

func TestASellerSeesWhatEachSaleBrings(t *testing.T) {
	settled, settling := webtest.SampleSale(shopapi.ShipmentDelivered), webtest.SampleSale(shopapi.ShipmentNew)
	settled.Account = &shopapi.SaleAccount{Commission: webtest.USD(105), CommissionTax: webtest.USD(20), Net: webtest.USD(5875), Available: true}
	backend := &webtest.Stub{Answers: map[string]any{
		"GET /v1/balance": shopapi.Balance{Pending: webtest.USD(1234), Available: webtest.USD(-500)},
		"GET /v1/sales":   shopapi.Sales{Items: []shopapi.Sale{settled, settling}},
	}}
	page := webtest.Visit(t, backend, webtest.Seller).Get("/selling/balance")
	page.Says(".figures", "-$5.00")
	page.Says(".figures", "$12.34")
	page.Says("tbody tr:first-child", "$58.75")
	page.Says("tbody tr:first-child", "-$1.05")
	page.Says("tbody tr:last-child", "Being worked out")
	webtest.Visit(t, backend, webtest.Buyer).Get("/selling/balance").Leads("/selling")
}

func TestAnEmptyBalanceSaysWhatToDo(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{
		"GET /v1/balance": shopapi.Balance{Pending: webtest.USD(0), Available: webtest.USD(0)},
		"GET /v1/sales":   shopapi.Sales{},
	}}
	webtest.Visit(t, backend, webtest.Seller).Get("/selling/balance").Shows(http.StatusOK, `a[href="/selling/books"]`)
}
