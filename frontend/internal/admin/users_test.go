package admin_test

import (
	"net/http"
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/authapi"
)

func TestAdminsChangeAccountsButNotTheirOwn(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/users": authapi.Users{Items: []authapi.User{
		{ID: 7, Name: "Ana", Email: "ana@example.com", Role: "buyer", Status: authapi.StatusActive, SameEmailAs: 3, SameSellerNameAs: 4},
		{ID: webtest.Admin.ID, Name: "Carla", Email: "carla@example.com", Role: "admin", Status: authapi.StatusActive},
	}}}}
	b := webtest.Visit(t, backend, webtest.Admin)
	a := b.Get("/admin/users?q=a&role=nonsense")
	a.Shows(http.StatusOK, `form[action="/admin/users/7"]`, `a[href="/admin/users?q=%233"]`, `a[href="/admin/users?q=%234"]`)
	if a.Page.Find(`form[action="/admin/users/9"]`).Length() != 0 {
		t.Error("an admin may change the own account")
	}
	if q := backend.Last(t, "GET /v1/users", nil).Query; q.Get("q") != "a" || q.Has("role") {
		t.Errorf("asked for %v", q)
	}
	backend.Answer("PATCH /v1/users/7", authapi.User{})
	b.Post("/admin/users/7", "status", authapi.StatusSuspended)
	var sent authapi.AdminUpdate
	backend.Last(t, "PATCH /v1/users/7", &sent)
	if sent.Status == nil || *sent.Status != authapi.StatusSuspended || sent.Role != nil {
		t.Errorf("sent %+v", sent)
	}
}
