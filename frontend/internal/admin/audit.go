package admin

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/audit"
	"bookstore/shared/auditapi"
)

// listAudit answers GET /admin/audit: what was changed, of accounts or of the
// shop.
func (s pages) listAudit(w http.ResponseWriter, r *http.Request) error {
	log := s.auditOf(r)
	query := s.auditQuery(r, &log)
	p := s.Page(r, site.Words(r).T("audit.title"))
	if !log.Form.OK() {
		return s.Render(w, r, http.StatusUnprocessableEntity, AuditPage(p, log), nil)
	}
	entries, err := log.read(s.Call(r), query)
	if err != nil {
		return err
	}
	log.Entries, log.NextURL = entries.Items, site.NextURL(r, entries.NextCursor)
	return s.Render(w, r, http.StatusOK, AuditPage(p, log), nil)
}

// auditOf returns what a request asks of the audit logs.
func (s pages) auditOf(r *http.Request) AuditLog {
	log := AuditLog{
		Of: site.OneOf(r.FormValue("of"), []string{ofShop}),
		Form: ui.NewForm("actor", site.Shorten(r.FormValue("actor"), 20), "object_id", site.Shorten(r.FormValue("object_id"), 20),
			"since", day(r.FormValue("since")), "until", day(r.FormValue("until"))),
		Currency: s.Currency,
		read:     s.Auth.Audit,
	}
	if log.Of == ofShop {
		log.read = s.Shop.Audit
	}
	return log
}

// auditQuery returns what a log asks its service, whose days are the shop's, and
// blames the fields of log that are no numbers.
func (s pages) auditQuery(r *http.Request, log *AuditLog) auditapi.Query {
	q := auditapi.Query{Cursor: r.FormValue("cursor"), Object: audit.User}
	if log.Of == ofShop {
		q.Object = audit.DeliveryProvider
	}
	q.ActorID = readNumber(r, &log.Form, "actor")
	if object := readNumber(r, &log.Form, "object_id"); object > 0 {
		q.ObjectID = strconv.FormatInt(object, 10)
	}
	if at, err := time.ParseInLocation(time.DateOnly, log.Form.Value("since"), s.TimeZone); err == nil {
		q.Since = at
	}
	if at, err := time.ParseInLocation(time.DateOnly, log.Form.Value("until"), s.TimeZone); err == nil {
		q.Until = at.AddDate(0, 0, 1)
	}
	return q
}

// readNumber reads the number of an account or another object, such as 17 or #17,
// and blames its field for anything else; 0 for an empty text.
func readNumber(r *http.Request, form *ui.Form, name string) int64 {
	text := strings.TrimPrefix(strings.TrimSpace(form.Value(name)), "#")
	if text == "" {
		return 0
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil || n == 0 {
		form.Blame(name, site.Words(r).T("audit.number"))
	}
	return int64(n)
}

// day returns a text that is a day, and "" for anything else.
func day(text string) string {
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return ""
	}
	return text
}

// unfiltered is the address of the whole log.
func (l AuditLog) unfiltered() string {
	if l.Of == "" {
		return "/admin/audit"
	}
	return "/admin/audit?of=" + l.Of
}
