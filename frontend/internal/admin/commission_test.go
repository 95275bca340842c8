package admin_test

import (
	"net/http"
	"testing"
	"time"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

func TestAnAdminSetsWhatTheShopKeeps(t *testing.T) {
	ended := time.Now().Add(-time.Hour)
	backend := &webtest.Stub{Answers: map[string]any{
		"GET /v1/admin/commission-rules": shopapi.CommissionRules{Items: []shopapi.CommissionRule{
			{ID: 2, SellerID: 7, BasisPoints: 825, Fixed: webtest.USD(25), Minimum: webtest.USD(100), StartsAt: ended},
			{ID: 1, BasisPoints: 1000, Fixed: webtest.USD(0), Minimum: webtest.USD(0), StartsAt: ended.Add(-time.Hour), EndsAt: &ended},
		}},
		"POST /v1/admin/commission-rules":       shopapi.CommissionRule{},
		"POST /v1/admin/commission-rules/2/end": nil,
	}}
	b := webtest.Visit(t, backend, webtest.Admin)
	page := b.Get("/admin/commission")
	page.Says("tbody tr:first-child", "8.25 %")
	page.Shows(http.StatusOK, `form[action="/admin/commission/2/end"]`)
	if page.Page.Find(`form[action="/admin/commission/1/end"]`).Length() > 0 {
		t.Error("a rule that has ended can be ended")
	}
	b.Post("/admin/commission", "basis_points", "8.5", "fixed", "0.25", "minimum", "1", "tax_basis_points", "19", "seller_id", "7").Leads("/admin/commission")
	var in shopapi.CommissionRuleInput
	backend.Last(t, "POST /v1/admin/commission-rules", &in)
	if want := (shopapi.CommissionRuleInput{SellerID: 7, BasisPoints: 850, Fixed: 25, Minimum: 100, TaxBasisPoints: 1900}); in != want {
		t.Errorf("sent %+v, want %+v", in, want)
	}
	b.Post("/admin/commission/2/end").Leads("/admin/commission")
}

func TestAShareThatIsNoneComesBackAsTyped(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{
		"GET /v1/admin/commission-rules":  shopapi.CommissionRules{},
		"POST /v1/admin/commission-rules": apierr.Field("basis_points", apierr.CodeTooSmall, "min", 0),
	}}
	b := webtest.Visit(t, backend, webtest.Admin)
	for _, typed := range []string{"", "a lot", "100.01", "-1"} {
		page := b.Post("/admin/commission", "basis_points", typed, "fixed", "0", "minimum", "0", "tax_basis_points", "0")
		page.Shows(http.StatusUnprocessableEntity, "#basis_points-error", `#basis_points[value="`+typed+`"]`)
	}
}
