package fuzz

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
)

// generator makes requests up.
type generator struct {
	*rand.Rand
	callers []string // tokens
	bookID  string   // of a book that exists
}

// texts are for wherever a text is wanted.
var texts = []string{
	"", "a", "\x00", "é", "cafe\u0301", "\u202eabc", "'; DROP TABLE books; --", "<script>alert(1)</script>", "{{.}}", "../../etc/passwd",
	"%s%n", "9223372036854775808", "-1", "null", strings.Repeat("x", 300), strings.Repeat("漢", 5000), "nobody@example.org", "en", "CO",
}

// values are for wherever something else is wanted.
var values = []any{
	nil, true, -1, 0, 1, 1.5, int64(1) << 62, json.Number("1e400"), json.Number("-0"), json.Number("9223372036854775808"),
	[]any{}, map[string]any{}, []any{nil}, "", "x",
}

func pick[T any](g generator, of []T) T { return of[g.IntN(len(of))] }

// request makes up one for an operation. Half of its parts are what the document
// asks for.
func (g generator) request(o operation) request {
	r := request{
		method: o.method, url: o.base + g.path(o) + g.query(o),
		header: header(pick(g, g.callers), fmt.Sprint("fuzz-", g.Uint64())),
	}
	if o.body != nil {
		r.body, _ = json.Marshal(g.value(o, o.body, 0)) // nothing in it can't be encoded
	}
	switch g.IntN(16) {
	case 0:
		r.method = pick(g, []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"})
	case 1:
		r.header.Set("Content-Type", pick(g, []string{"", "text/xml", "application/x-www-form-urlencoded", "multipart/form-data", "application/json; charset=utf-16", "image/png", ";;"}))
	case 2:
		r.header.Set("Content-Encoding", pick(g, []string{"gzip", "br", "deflate", "x"}))
	case 3:
		r.body = r.body[:g.IntN(len(r.body)+1)] // cut off
	case 4:
		r.body = []byte(strings.Repeat("[", 20_000))
	case 5:
		r.body = []byte(`{"x":` + strings.Repeat(`{"x":`, 20_000))
	case 6:
		r.body = []byte(`{"name":"` + strings.Repeat("x", 400_000) + `"}`)
	case 7:
		r.body = append([]byte{0xff, 0xfe}, r.body...)
	case 8:
		r.header.Set("Authorization", pick(g, []string{"Bearer", "Bearer x", "Basic eDp4", "Bearer a.b.c", "bearer " + strings.Repeat("x", 5000)}))
	case 9:
		r.header.Set(pick(g, []string{"Cart-Token", "Idempotency-Key", "If-None-Match", "Range", "Accept", "Accept-Language"}), pick(g, []string{"x", "bytes=9-1", "*/*;q=x", strings.Repeat("y", 3000)}))
	}
	return r
}

// path fills in the variables of an operation's path.
func (g generator) path(o operation) string {
	var filled []string
	for part := range strings.SplitSeq(o.path, "/") {
		if strings.HasPrefix(part, "{") {
			part = pick(g, []string{
				g.bookID, g.bookID, g.bookID, "1", "1", "0", "-1", "1.5", "9223372036854775808", "x", "%00", "..%2f..%2f", "%ff", strings.Repeat("9", 3000),
				"00000000-0000-4000-8000-000000000000", strings.Repeat("0", 64), "current",
			})
		}
		filled = append(filled, part)
	}
	return strings.Join(filled, "/")
}

func (g generator) query(o operation) string {
	q := url.Values{}
	for _, p := range o.parameters {
		if p.In != "query" || g.IntN(2) == 0 && !p.Required {
			continue
		}
		q.Add(p.Name, strings.Trim(fmt.Sprint(g.value(o, p.Schema, 0)), "[]"))
	}
	if g.IntN(10) == 0 {
		q.Add(pick(g, []string{"limit", "cursor", "x", ""}), pick(g, texts))
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// value makes up a value for a schema: mostly one of its type.
func (g generator) value(o operation, s *schema, depth int) any {
	s = o.resolve(s)
	if g.IntN(12) == 0 || depth > 8 {
		return pick(g, values)
	}
	if len(s.Enum) > 0 && g.IntN(4) > 0 {
		return pick(g, s.Enum)
	}
	switch s.Type {
	case "object":
		object := map[string]any{}
		for _, name := range slices.Sorted(maps.Keys(s.Properties)) { // in an order that the seed decides on
			if g.IntN(10) > 0 {
				object[name] = g.value(o, s.Properties[name], depth+1)
			}
		}
		if g.IntN(10) == 0 {
			object["unexpected"] = pick(g, values)
		}
		return object
	case "array":
		items := []any{}
		for range pick(g, []int{0, 1, 1, 1, 2, 200}) {
			items = append(items, g.value(o, s.Items, depth+1))
		}
		return items
	case "integer", "number":
		return pick(g, []any{0, 1, 1, 2, 12, 100, 2026, -1, int64(1) << 40, json.Number("1e30"), 1.5, json.Number(g.bookID)})
	case "boolean":
		return g.IntN(2) == 0
	}
	return pick(g, texts)
}
