package story

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// Programmers find the description of each API at the shop's own address,
// without the calls that are not for them.
func TestTheAPIsAreDescribedAtTheShopsAddress(t *testing.T) {
	s := shoptest.OpenOn(t, "sqlite", cluster.Options{Frontends: 2})
	for path, lists := range map[string]string{
		authapi.DocumentPath:    "/v1/users/me",
		catalogapi.DocumentPath: "/v1/books/{id}",
		shopapi.DocumentPath:    "/v1/cart",
	} {
		resp, text := get(t, s.URL+path)
		var document struct {
			OpenAPI string
			Paths   map[string]any
		}
		if err := json.Unmarshal(text, &document); err != nil || resp.StatusCode != http.StatusOK || document.OpenAPI == "" {
			t.Fatalf("%s: %s, %v: %.200s", path, resp.Status, err, text)
		}
		if document.Paths[lists] == nil {
			t.Errorf("%s does not list %s", path, lists)
		}
		for p := range document.Paths {
			if strings.HasPrefix(p, "/internal") {
				t.Errorf("%s lists %s", path, p)
			}
		}
	}
	resp, text := get(t, s.URL+"/v1/nothing-of-the-kind")
	var problem apierr.Error
	if err := json.Unmarshal(text, &problem); err != nil || resp.StatusCode != http.StatusNotFound || problem.Code != apierr.CodeNotFound {
		t.Errorf("a path that no service lists: %s, %v: %.200s", resp.Status, err, text)
	}
}

func get(t *testing.T, url string) (*http.Response, []byte) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp, text
}
