package auditapi

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"bookstore/shared/httpclient"
)

// Read returns a page of the log that a service has at path; for admins.
func Read(ctx context.Context, c *httpclient.Client, path string, q Query) (Entries, error) {
	return httpclient.Call[Entries](ctx, c, http.MethodGet, path+"?"+q.values().Encode(), nil)
}

func (q Query) values() url.Values {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	if q.ActorID > 0 {
		set("actor_id", strconv.FormatInt(q.ActorID, 10))
	}
	set("object", q.Object)
	set("object_id", q.ObjectID)
	if !q.Since.IsZero() {
		set("since", q.Since.UTC().Format(time.RFC3339))
	}
	if !q.Until.IsZero() {
		set("until", q.Until.UTC().Format(time.RFC3339))
	}
	if q.Limit > 0 {
		set("limit", strconv.Itoa(q.Limit))
	}
	set("cursor", q.Cursor)
	return v
}
