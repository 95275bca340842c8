package checkout_test

import (
	"net/http"
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

// seenForm is checkoutForm with the costs that stand on the page.
func seenForm(more ...string) []string {
	return append(checkoutForm("provider_11", "1", "cost_8_1", "5000", "cost_8_2", "2000", "cost_11_1", "5000", "total", "11000"), more...)
}

func TestThePageCarriesTheCostsThatTheBuyerSees(t *testing.T) {
	page := webtest.Visit(t, checkoutBackend(), webtest.Buyer).Get("/checkout")
	page.Shows(http.StatusOK, `input[name="cost_8_2"][value="2000"]`, `input[name="cost_11_3"][value="4500"]`, `#checkout-total input[name="total"][value="8000"]`)
}

func TestTheCostsThatTheBuyerSawAreSentAlong(t *testing.T) {
	backend := checkoutBackend()
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Post("/checkout", seenForm()...).Leads("/orders/" + webtest.OrderID + "/payment")
	var in shopapi.PlaceOrder
	backend.Last(t, "POST /v1/orders", &in)
	if in.Total == nil || *in.Total != 11000 || len(in.Deliveries) != 2 {
		t.Fatalf("sent %+v", in)
	}
	for i, want := range []int64{2000, 5000} {
		if got := in.Deliveries[i].Cost; got == nil || *got != want {
			t.Errorf("delivery %d: sent %v, want %d", i, got, want)
		}
	}
	b.Post("/checkout", checkoutForm("provider_11", "1", "total", "x")...).Shows(http.StatusUnprocessableEntity, `input[name="line1"][value="Calle 1 # 2-3"]`)
}

func TestDeliveryThatBecameDearerIsToldWithTheNewFigures(t *testing.T) {
	backend := checkoutBackend()
	backend.Answer("POST /v1/orders", apierr.New(apierr.KindConflict, shopapi.CodeLinesChanged).WithFields(
		apierr.FieldError{Field: "deliveries[1]", Code: shopapi.CodeDeliveryCostChanged, Params: map[string]any{"seller_id": 11, "provider": "DHL", "seen": 5000, "cost": 99900}},
		apierr.FieldError{Field: "deliveries[0]", Code: shopapi.CodeProviderGone, Params: map[string]any{"seller_id": 8}},
		apierr.FieldError{Field: "total", Code: shopapi.CodeTotalChanged, Params: map[string]any{"seen": 11000, "total": 105900}},
	))
	dearer := webtest.DeliveryProviders
	dearer.Items = append([]shopapi.DeliveryProvider{}, dearer.Items...)
	dearer.Items[0].Cost = webtest.USD(99900)
	backend.Answer("GET /v1/delivery-providers", dearer)
	b := webtest.Visit(t, backend, webtest.Buyer)
	page := b.Post("/checkout", seenForm()...)
	page.Shows(http.StatusConflict, `input[name="line1"][value="Calle 1 # 2-3"]`, `input[name="provider_11"][value="1"][checked]`, `input[name="cost_11_1"][value="99900"]`, `input[name="total"][value="105900"]`)
	page.Says("#changes", "Delivery by DHL from Otra changed from $50.00 to $999.00.")
	page.Says("#changes", "The delivery that you chose from Blue Door Books is no longer offered.")
	page.Says("#changes", "The total changed from $110.00 to $1,059.00.")
	page.Says("#checkout-total", "$1,059.00")

	b.Lang = "es"
	b.Post("/checkout", seenForm()...).Says("#changes", "El envío con DHL desde Otra cambió de")
}

func TestAProviderThatIsNoLongerOfferedIsSaidToBeAndOthersAreOffered(t *testing.T) {
	backend := checkoutBackend()
	backend.Answer("POST /v1/orders", apierr.Invalid(
		apierr.FieldError{Field: "deliveries[0]", Code: shopapi.CodeProviderGone, Params: map[string]any{"seller_id": 8}}))
	b := webtest.Visit(t, backend, webtest.Buyer)
	page := b.Post("/checkout", checkoutForm("provider_11", "1", "provider_8", "9")...)
	page.Shows(http.StatusUnprocessableEntity, `input[name="provider_8"][value="2"]`, `input[name="provider_8"][value="3"]`)
	page.Says("#provider_8.field-error", "The delivery that you chose is no longer offered. Choose another one.")

	b.Script = true
	part := b.Get("/checkout?country=CO&delivery_country=CO&provider_8=4&provider_11=2")
	part.Says("#provider_8.field-error", "is no longer offered")
	if part.Page.Find("#provider_11.field-error").Length() > 0 {
		t.Error("a provider that is offered is said to be gone")
	}
}

func TestALinkFillsNobodysAddressIn(t *testing.T) {
	b := webtest.Visit(t, checkoutBackend(), webtest.Buyer)
	page := b.Get("/checkout?name=Mallory&line1=Drop+Point+9&country=US&provider_8=1")
	page.Shows(http.StatusOK, `option[value="CO"][selected]`, `input[name="provider_8"][value="2"][checked]`)
	if name, line := page.Value("name"), page.Value("line1"); name != "Ana" || line != "" {
		t.Errorf("the form says %q, %q", name, line)
	}
}
