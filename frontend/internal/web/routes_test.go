package web_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bookstore/frontend/internal/ui"
	"bookstore/frontend/internal/web"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/shopapi"

	"github.com/gorilla/mux"
)

// pathVariable is what stands for an id in a route.
var pathVariable = regexp.MustCompile(`\{id:[^/]*\}`)

// paths returns the paths of the routes for a method, with ids in them.
func paths(t *testing.T, method string) []string {
	t.Helper()
	cfg, _ := webtest.Config(t, &webtest.Stub{}, "http://shop.example")
	var found []string
	err := web.Router(cfg).Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := route.GetPathTemplate()
		if err != nil {
			return err
		}
		methods, err := route.GetMethods()
		if err != nil || !slices.Contains(methods, method) {
			return err
		}
		id := "7"
		if strings.Contains(path, "a-f") {
			id = webtest.OrderID
		}
		found = append(found, pathVariable.ReplaceAllLiteralString(path, id))
		return nil
	})
	if err != nil || len(found) == 0 {
		t.Fatalf("found %d routes, %v", len(found), err)
	}
	return found
}

func TestTheAddressOfEveryFormLeadsToAPage(t *testing.T) {
	pages := paths(t, http.MethodGet)
	for _, path := range paths(t, http.MethodPost) {
		if slices.Contains(pages, path) {
			continue
		}
		a := webtest.Visit(t, &webtest.Stub{}, webtest.Admin).Get(path)
		if to := a.Header.Get("Location"); a.Status != http.StatusSeeOther || !slices.Contains(pages, to) || !strings.HasPrefix(path, to) {
			t.Errorf("GET %s: status %d to %q, want the page above it", path, a.Status, to)
		}
	}
}

func TestNoPageLeadsToItself(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	for _, answers := range []map[string]any{webtest.AccountAnswers(), webtest.PaymentBackend(shopapi.Order{}).Answers} {
		for call, answer := range answers {
			backend.Answers[call] = answer
		}
	}
	backend.Answers["GET /v1/cart"] = webtest.CartOf(webtest.CartLine(nil))
	backend.Answers["GET /v1/delivery-providers"] = webtest.DeliveryProviders
	for _, user := range []*ui.User{nil, webtest.Buyer, webtest.Seller, webtest.Admin} {
		b := webtest.Visit(t, backend, user)
		for _, path := range paths(t, http.MethodGet) {
			for _, state := range orderStates(path) {
				for _, canPay := range []bool{true, false} {
					backend.Answer(webtest.OrderCall, webtest.SampleOrder(state, func(o *shopapi.Order) { o.CanPay = canPay }))
					a := b.Get(path)
					if to := a.Header.Get("Location"); a.Status == http.StatusInternalServerError || to == path {
						t.Errorf("%s of a %s order: status %d to %q", path, state, a.Status, to)
					}
				}
			}
		}
	}
}

// orderStates are those of the order that a page is about.
func orderStates(path string) []string {
	if strings.Contains(path, webtest.OrderID) {
		return []string{
			shopapi.OrderPending, shopapi.OrderReserved, shopapi.OrderAuthorising, shopapi.OrderAwaitingPayment,
			shopapi.OrderAuthorised, shopapi.OrderCommitted, shopapi.OrderCapturing, shopapi.OrderPaid,
			shopapi.OrderVoiding, shopapi.OrderRestocking, shopapi.OrderCancelled, shopapi.OrderExpired,
		}
	}
	return []string{shopapi.OrderPaid}
}
