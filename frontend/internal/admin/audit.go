package admin

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"bookstore/frontend/internal/site"
	"bookstore/shared/audit"
	"bookstore/shared/auditapi"
)

// listAudit answers GET /admin/audit: what was changed, of accounts or of the
// shop.
func (s pages) listAudit(w http.ResponseWriter, r *http.Request) error {
	log := s.auditOf(r)
	query := log.query(s.TimeZone)
	query.Cursor = r.FormValue("cursor")
	entries, err := log.read(s.Call(r), query)
	if err != nil {
		return err
	}
	log.Entries, log.NextURL = entries.Items, site.NextURL(r, entries.NextCursor)
	return s.Render(w, r, http.StatusOK, AuditPage(s.Page(r, site.Words(r).T("audit.title")), log), nil)
}

// auditOf returns what a request asks of the audit logs.
func (s pages) auditOf(r *http.Request) AuditLog {
	log := AuditLog{
		Of:       site.OneOf(r.FormValue("of"), []string{ofShop}),
		Actor:    site.Shorten(r.FormValue("actor"), 20),
		ObjectID: site.Shorten(r.FormValue("object_id"), 20),
		Since:    day(r.FormValue("since")),
		Until:    day(r.FormValue("until")),
		Currency: s.Currency,
		read:     s.Auth.Audit,
	}
	if log.Of == ofShop {
		log.read = s.Shop.Audit
	}
	return log
}

// query returns what a log asks its service, whose days are those of zone.
func (l AuditLog) query(zone *time.Location) auditapi.Query {
	actor, err := number(l.Actor)
	q := auditapi.Query{ActorID: actor, Object: audit.User}
	if l.Of == ofShop {
		q.Object = audit.DeliveryProvider
	}
	object, objectErr := number(l.ObjectID)
	if object > 0 {
		q.ObjectID = strconv.FormatInt(object, 10)
	}
	if err != nil || objectErr != nil {
		q.ObjectID = nothing
	}
	if at, err := time.ParseInLocation(time.DateOnly, l.Since, zone); err == nil {
		q.Since = at
	}
	if at, err := time.ParseInLocation(time.DateOnly, l.Until, zone); err == nil {
		q.Until = at.AddDate(0, 0, 1)
	}
	return q
}

// nothing is the number of no object: what can't be a number finds nothing.
const nothing = "-"

// number reads the number of an account or another object, such as 17 or #17; 0
// for an empty text.
func number(text string) (int64, error) {
	if text = strings.TrimPrefix(strings.TrimSpace(text), "#"); text == "" {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 63)
	return int64(n), err
}

// day returns a text that is a day, and "" for anything else.
func day(text string) string {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return ""
	}
	return text
}

// address is that of what l shows, at path.
func (l AuditLog) address(path string) string {
	v := url.Values{}
	for name, value := range map[string]string{"of": l.Of, "actor": l.Actor, "object_id": l.ObjectID, "since": l.Since, "until": l.Until} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}
