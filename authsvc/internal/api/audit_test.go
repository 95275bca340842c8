package api_test

import (
	"reflect"
	"strconv"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/audit"
	"bookstore/shared/auditapi"
	"bookstore/shared/authapi"
	"bookstore/shared/token"
)

func TestAdminsReadWhatAdminsAndSellersChangedOfAccounts(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		ann, admin := s.seller(t, "ann@example.org"), s.admin(t)
		name, suspended, role := "Ann's Shelf", authapi.StatusSuspended, token.Buyer
		_, err := s.UpdateMe(as(t, ann), authapi.Profile{SellerName: &name})
		must(t, err)
		for range 2 { // the second changes nothing
			_, err = s.UpdateUser(as(t, admin), ann.User.ID, authapi.AdminUpdate{Status: &suspended, Role: &role})
			must(t, err)
		}
		_, err = s.UpdateUser(as(t, admin), admin.User.ID, authapi.AdminUpdate{Status: &suspended})
		wantCode(t, "the own account", err, authapi.CodeOwnAccount)

		log, err := s.Audit(as(t, admin), auditapi.Query{})
		must(t, err)
		id := strconv.FormatInt(ann.User.ID, 10)
		want := []auditapi.Entry{
			{
				ID: 3, Actor: "admin", ActorID: admin.User.ID, Action: audit.AccessChanged,
				Before: audit.Values{"role": "seller", "status": "active"}, After: audit.Values{"role": "buyer", "status": "suspended"},
			},
			{
				ID: 2, Actor: "seller", ActorID: ann.User.ID, Action: audit.SellerRenamed,
				Before: audit.Values{"seller_name": "Books of ann@example.org"}, After: audit.Values{"seller_name": name},
			},
			{
				ID: 1, Actor: "seller", ActorID: ann.User.ID, Action: audit.SellingStarted,
				Before: audit.Values{"role": "buyer", "seller_name": ""}, After: audit.Values{"role": "seller", "seller_name": "Books of ann@example.org"},
			},
		}
		for i := range want {
			want[i].Object, want[i].ObjectID, want[i].Address = audit.User, id, "127.0.0.1"
		}
		for i := range log.Items {
			if log.Items[i].At.IsZero() {
				t.Errorf("entry %d has no time", i)
			}
			log.Items[i].At = want[0].At
		}
		if !reflect.DeepEqual(log.Items, want) {
			t.Errorf("got  %+v\nwant %+v", log.Items, want)
		}
		log, err = s.Audit(as(t, admin), auditapi.Query{ActorID: ann.User.ID, Limit: 1})
		if err != nil || len(log.Items) != 1 || log.Items[0].ID != 2 || log.NextCursor == "" {
			t.Errorf("a page of one's changes: got %+v, %v", log, err)
		}
		_, err = s.Audit(as(t, s.register(t, "bob@example.org")), auditapi.Query{})
		wantCode(t, "a buyer reads the log", err, apierr.CodeForbidden)
		_, err = s.Audit(t.Context(), auditapi.Query{})
		wantCode(t, "a stranger reads the log", err, apierr.CodeUnauthenticated)
	})
}
