package shopapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
)

// The release before refuses fields that it does not know.
func TestAnOrderIsPlacedAtTheReleaseBeforeWithoutTheCostsSeen(t *testing.T) {
	var bodies []string
	before := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var body struct {
			Total      *int64           `json:"total"`
			Deliveries []map[string]any `json:"deliveries"`
		}
		_ = json.NewDecoder(r.Body).Decode(&body)
		_, cost := body.Deliveries[0]["cost"]
		if body.Total != nil || cost {
			bodies = append(bodies, "refused")
			w.Header().Set("Content-Type", "application/problem+json")
			w.WriteHeader(http.StatusUnprocessableEntity)
			_ = json.NewEncoder(w).Encode(apierr.Invalid(apierr.FieldError{Field: "total", Code: apierr.CodeUnexpected}))
			return
		}
		bodies = append(bodies, "taken")
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(shopapi.Order{ID: "placed"})
	}))
	defer before.Close()
	client := shopapi.NewClient(httpclient.New(httpclient.Config{Name: "shopsvc", BaseURL: before.URL}))
	cost, total := int64(2000), int64(3000)
	in := shopapi.PlaceOrder{Deliveries: []shopapi.DeliveryChoice{{SellerID: 1, ProviderID: 2, Cost: &cost}}, Total: &total}
	order, err := client.PlaceOrder(t.Context(), "some-key", in)
	if err != nil || order.ID != "placed" || strings.Join(bodies, " ") != "refused taken" {
		t.Errorf("got %+v, %v after %v", order, err, bodies)
	}
	if in.Deliveries[0].Cost == nil {
		t.Error("the caller's request was changed")
	}
}
