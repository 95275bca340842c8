package fuzz

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
)

// document is what is read of an OpenAPI document.
type document struct {
	Paths map[string]map[string]struct {
		Parameters  []parameter
		RequestBody struct {
			Content map[string]struct{ Schema *schema }
		}
	}
	Components struct{ Schemas map[string]*schema }
}

type parameter struct {
	Name, In string
	Required bool
	Schema   *schema
}

type schema struct {
	Ref        string `json:"$ref"`
	Type       string
	Enum       []any
	Properties map[string]*schema
	Items      *schema
}

// UnmarshalJSON reads a schema. Where several types are allowed, the first counts.
func (s *schema) UnmarshalJSON(data []byte) error {
	type plain schema
	var wire struct {
		plain
		Type any
	}
	if err := json.Unmarshal(data, &wire); err != nil {
		return err
	}
	*s = schema(wire.plain)
	switch kind := wire.Type.(type) {
	case string:
		s.Type = kind
	case []any:
		s.Type = fmt.Sprint(kind[0])
	}
	return nil
}

// operation is something that an API does.
type operation struct {
	base, method, path string
	parameters         []parameter
	body               *schema // nil if there is none
	schemas            map[string]*schema
}

func (o operation) resolve(s *schema) *schema {
	for s != nil && s.Ref != "" {
		s = o.schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	if s == nil {
		return &schema{}
	}
	return s
}

// documented returns all operations of the backends, always in the same order.
func documented(t *testing.T, s *shoptest.Shop) []operation {
	t.Helper()
	var all []operation
	for _, base := range []string{s.AuthURL, s.CatalogURL, s.ShopURL} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/openapi.json", nil)
		if err != nil {
			t.Fatal(err)
		}
		_, text, err := pages.Exchange(http.DefaultClient, req)
		if err != nil {
			t.Fatal(err)
		}
		var d document
		if err := json.Unmarshal([]byte(text), &d); err != nil {
			t.Fatalf("%s: %v", base, err)
		}
		for _, path := range slices.Sorted(maps.Keys(d.Paths)) {
			for _, method := range slices.Sorted(maps.Keys(d.Paths[path])) {
				told := d.Paths[path][method]
				o := operation{base: base, method: strings.ToUpper(method), path: path, parameters: told.Parameters, schemas: d.Components.Schemas}
				o.body = told.RequestBody.Content["application/json"].Schema
				all = append(all, o)
			}
		}
	}
	if len(all) < 50 {
		t.Fatalf("only %d operations are documented", len(all))
	}
	return all
}

// counting are the tables in which a refused request leaves a trace.
var counting = []string{"authsvc.tallies"} // of what is slowed down

// contents returns the rows of all tables, by database and table.
func contents(t *testing.T, s *shoptest.Shop) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, program := range []string{cluster.Auth, cluster.Catalog, cluster.Shop} {
		for _, table := range s.Query(t, program, "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'") {
			if name := program + "." + table; !slices.Contains(counting, name) {
				all[name] = strings.Join(s.Query(t, program, "SELECT * FROM "+table), "\n")
			}
		}
	}
	return all
}
