package admin_test

import (
	"net/http"
	"testing"
	"time"

	"bookstore/frontend/internal/web"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/audit"
	"bookstore/shared/auditapi"
)

const accountChanges, shopChanges = "GET /v1/users/audit", "GET /v1/admin/audit"

func TestAnAdminReadsWhatWasChanged(t *testing.T) {
	at := time.Date(2026, 5, 3, 10, 12, 0, 0, time.UTC)
	backend := &webtest.Stub{Answers: map[string]any{
		accountChanges: auditapi.Entries{NextCursor: "older", Items: []auditapi.Entry{{
			ID: 2, At: at, Actor: "admin", ActorID: 1, Address: "192.0.2.7", Object: audit.User, ObjectID: "17", Action: audit.AccessChanged,
			Before: audit.Values{"role": "buyer"}, After: audit.Values{"role": "seller", "seller_name": "<Ann>"},
		}}},
		shopChanges: auditapi.Entries{Items: []auditapi.Entry{{
			ID: 1, At: at, Actor: "admin", ActorID: 1, Object: audit.DeliveryProvider, ObjectID: "3", Action: "of a later release",
			Before: audit.Values{"cost": "1299", "active": "true"}, After: audit.Values{"cost": "1399", "active": "false"},
		}}},
	}}
	b := webtest.Visit(t, backend, webtest.Admin)
	page := b.Get("/admin/audit?actor=%231&object_id=17&since=2026-05-01&until=2026-05-03&cursor=newer")
	page.Shows(http.StatusOK, `.tabs a[href="/admin/audit"][aria-current]`, `.menu a[href="/admin/audit"]`, `time[datetime="2026-05-03T10:12:00Z"]`,
		`a[href="/admin/users?q=%231"]`, `input[name="since"][value="2026-05-01"]`,
		`a[rel="next"][href="/admin/audit?actor=%231&cursor=older&object_id=17&since=2026-05-01&until=2026-05-03"]`)
	page.Says("tbody td:nth-child(2)", "Admin #1 192.0.2.7")
	page.Says("tbody td:nth-child(3)", "Access changedAccount #17")
	page.Says("tbody td:nth-child(4)", "Role: Buyer SellerSeller's name: <Ann>")
	got := backend.Last(t, accountChanges, nil).Query
	for name, want := range map[string]string{
		"actor_id": "1", "object": "user", "object_id": "17", "cursor": "newer",
		"since": "2026-05-01T00:00:00Z", "until": "2026-05-04T00:00:00Z",
	} {
		if got.Get(name) != want {
			t.Errorf("asked for %s %q, want %q", name, got.Get(name), want)
		}
	}
	page = b.Get("/admin/audit?of=shop")
	page.Says("tbody td:nth-child(3)", "of a later releaseDelivery provider #3")
	page.Says("tbody td:nth-child(4)", "Offered: Yes NoCost: $12.99 $13.99")
}

func TestWhatIsNoNumberIsSaidBesideItsField(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{accountChanges: auditapi.Entries{}}}
	b := webtest.Visit(t, backend, webtest.Admin)
	page := b.Get("/admin/audit?actor=ann&object_id=17")
	page.Shows(http.StatusUnprocessableEntity, `input[name="actor"][value="ann"][aria-invalid="true"]`, `input[name="object_id"][value="17"]:not([aria-invalid="true"])`)
	page.Says("#actor-error", "Write a number such as 17.")
	b.Get("/admin/audit?actor=&since=yesterday").Says(".empty h2", "No change matches")
	if got := backend.Last(t, accountChanges, nil).Query; got.Has("actor_id") || got.Has("since") {
		t.Errorf("asked for %v", got)
	}
}

func TestEveryChangeHasItsWords(t *testing.T) {
	words := web.Words("en")
	for prefix, codes := range map[string][]string{"audit.object.": audit.Objects, "audit.action.": audit.Actions} {
		for _, code := range codes {
			if !words.Has(prefix + code) {
				t.Errorf("%s%s has no words", prefix, code)
			}
		}
	}
}
