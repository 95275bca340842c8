// Package access proves who may do what: every endpoint of the four programs,
// asked by everybody.
package access

import (
	"bufio"
	_ "embed"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/idempotency"
)

//go:embed matrix.txt
var matrix string

// endpoint is a line of the matrix: a request, and what each column is answered.
type endpoint struct {
	program, method, path, body string
	want                        map[string]int
	newPeople                   bool // it changes who the callers are
}

func TestEveryEndpointAnswersEverybodyAsTheMatrixSays(t *testing.T) {
	s := shoptest.Open(t, cluster.Options{Private: true})
	endpoints := readMatrix(t)
	checkComplete(t, s, endpoints)

	everybody := nobodies(t, s)
	everybody.renew(t, s)
	callers, asked := map[string]bool{}, 0
	for _, e := range endpoints {
		o := objects{s, everybody, map[string]string{}}
		for _, column := range columns {
			for _, c := range everybody[column] {
				o.forget()
				filled := e
				filled.path, filled.body = o.fill(t, e.path), o.fill(t, e.body)
				if got := ask(t, s, filled, c); got != e.want[column] {
					t.Errorf("%s: %s got %d, want %d", e, c.name, got, e.want[column])
				}
				callers[c.name] = true
				asked++
			}
		}
		if e.newPeople {
			everybody.renew(t, s)
		}
	}
	shoptest.Table(t, "access matrix", "endpoints", len(endpoints), "callers", len(callers), "combinations", asked)
}

// checkComplete fails unless the matrix has what the programs answer to, and
// nothing else.
func checkComplete(t *testing.T, s *shoptest.Shop, endpoints []endpoint) {
	t.Helper()
	listed := map[string]bool{}
	for _, e := range endpoints {
		path, _, _ := strings.Cut(e.path, "?")
		listed[e.program+" "+e.method+" "+shape(path)] = false
	}
	for _, program := range cluster.Programs {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Processes(program)[0].PrivateURL+"/routes", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, routes, err := pages.Exchange(http.DefaultClient, req)
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("routes of %s: %v", program, err)
		}
		for route := range strings.Lines(routes) {
			method, path, _ := strings.Cut(strings.TrimSpace(route), " ")
			if method == http.MethodHead {
				continue // is GET without the body
			}
			key := program + " " + method + " " + shape(path)
			if _, ok := listed[key]; !ok {
				t.Errorf("matrix.txt does not say who may ask for %s %s %s", program, method, path)
			}
			listed[key] = true
		}
	}
	for key, served := range listed {
		if !served {
			t.Errorf("matrix.txt lists %s, which nobody answers", key)
		}
	}
}

// shape returns a path with every variable, which may have a pattern with
// braces of its own, as {}.
func shape(path string) string {
	var b strings.Builder
	depth := 0
	for _, r := range path {
		if r == '{' {
			depth++
		}
		if depth == 0 {
			b.WriteRune(r)
		}
		if r == '}' {
			if depth--; depth == 0 {
				b.WriteString("{}")
			}
		}
	}
	return b.String()
}

func readMatrix(t *testing.T) []endpoint {
	t.Helper()
	var all []endpoint
	for lines := bufio.NewScanner(strings.NewReader(matrix)); lines.Scan(); {
		fields := strings.Fields(lines.Text())
		if len(fields) == 0 || strings.HasPrefix(fields[0], "#") {
			continue
		}
		if len(fields) < 3+len(columns) {
			t.Fatalf("matrix.txt: %q has too few columns", lines.Text())
		}
		e := endpoint{method: fields[1], path: fields[2], want: map[string]int{}}
		e.program, e.newPeople = strings.CutSuffix(fields[0], "!")
		for i, column := range columns {
			status, err := strconv.Atoi(fields[3+i])
			if err != nil {
				t.Fatalf("matrix.txt: %s of %s: %v", column, e, err)
			}
			e.want[column] = status
		}
		e.body = strings.Join(fields[3+len(columns):], " ")
		all = append(all, e)
	}
	return all
}

// ask sends a request and returns the status of the answer.
func ask(t *testing.T, s *shoptest.Shop, e endpoint, c caller) int {
	t.Helper()
	base := map[string]string{cluster.Auth: s.AuthURL, cluster.Catalog: s.CatalogURL, cluster.Shop: s.ShopURL, cluster.Frontend: s.URL}
	req, err := http.NewRequestWithContext(t.Context(), anyMethod(e.method), base[e.program]+strings.TrimSuffix(e.path, "*"), strings.NewReader(e.body))
	if err != nil {
		t.Fatal(err)
	}
	if e.program == cluster.Frontend {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else if e.body != "" {
		req.Header.Set("Content-Type", contentType(e.body))
		req.Header.Set(idempotency.Header, fmt.Sprint("asked-by-", strings.ReplaceAll(c.name, " ", "-"), "-", len(e.body)))
	}
	c.sign(req, e.program)
	resp, _, err := pages.Exchange(browser, req)
	if err != nil {
		t.Fatalf("%s: %s: %v", e, c.name, err)
	}
	return resp.StatusCode
}

// contentType returns what a body of an API is said to be: JSON or a picture.
func contentType(body string) string {
	if strings.HasPrefix(body, "{") {
		return "application/json"
	}
	return "image/png"
}

// browser follows no redirects and keeps no cookies.
var browser = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}

// anyMethod returns the method by which to ask for a route that takes all.
func anyMethod(method string) string {
	if method == "*" {
		return http.MethodGet
	}
	return method
}
