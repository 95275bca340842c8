// Package jsonapitest holds what a service serves against what it promises.
package jsonapitest

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/gorilla/mux"
)

// CheckRoutes fails unless the routes below /v1 are those below prefixes, each
// of which has some, and unless the OpenAPI document at documentPath, like the
// one at /openapi.json, has no path below /internal.
func CheckRoutes(t *testing.T, router *mux.Router, documentPath string, prefixes []string) {
	t.Helper()
	used := map[string]bool{}
	err := router.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
		path, err := route.GetPathTemplate()
		if err != nil || !strings.HasPrefix(path, "/v1") {
			return err
		}
		i := slices.IndexFunc(prefixes, func(prefix string) bool { return path == prefix || strings.HasPrefix(path, prefix+"/") })
		if i < 0 {
			t.Errorf("%s is below none of %q", path, prefixes)
			return nil
		}
		used[prefixes[i]] = true
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, prefix := range prefixes {
		if !used[prefix] {
			t.Errorf("nothing is below %s", prefix)
		}
	}
	document := get(t, router, documentPath)
	if document != get(t, router, "/openapi.json") {
		t.Errorf("the documents at /openapi.json and %s differ", documentPath)
	}
	if !strings.Contains(document, `"/v1/`) || strings.Contains(document, "/internal") {
		t.Errorf("want a document with paths below /v1 and none below /internal, got\n%s", document)
	}
}

func get(t *testing.T, handler http.Handler, path string) string {
	t.Helper()
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, path, nil))
	if answer.Code != http.StatusOK {
		t.Errorf("GET %s answered %d", path, answer.Code)
	}
	return answer.Body.String()
}
