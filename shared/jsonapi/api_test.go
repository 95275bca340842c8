package jsonapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/internal/webtest"
	"bookstore/shared/jsonapi"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gorilla/mux"
)

type line struct {
	Quantity int64  `json:"quantity" minimum:"1" maximum:"99"`
	Note     string `json:"note,omitempty" maxLength:"5"`
}

type orderInput struct {
	Limit int `query:"limit" minimum:"1" maximum:"100" default:"20"`
	Body  struct {
		Email   string `json:"email" format:"email" minLength:"1"`
		Title   string `json:"title,omitempty" minLength:"3"`
		Kind    string `json:"kind,omitempty" enum:"new,used"`
		Cents   int64  `json:"cents,omitempty"`
		Address struct {
			Country string `json:"country" pattern:"^[A-Z]{2}$"`
		} `json:"address"`
		Lines []line `json:"lines" minItems:"1" maxItems:"2"`
	}
}

type orderOutput struct {
	Body struct {
		Lines int `json:"lines"`
	}
}

// newBackend serves one API whose GET /v1/fail answers with the error that
// fail returns, as our services do.
func newBackend(t *testing.T, fail func(context.Context) error, opts httpserver.Options) *httptest.Server {
	t.Helper()
	router := mux.NewRouter()
	api := jsonapi.New("Test", "/v1/openapi/test.json", router)
	huma.Register(api, huma.Operation{Method: http.MethodPost, Path: "/v1/orders"},
		func(_ context.Context, in *orderInput) (*orderOutput, error) {
			out := &orderOutput{}
			out.Body.Lines = len(in.Body.Lines)
			return out, nil
		})
	huma.Register(api, huma.Operation{Method: http.MethodGet, Path: "/v1/fail"},
		func(ctx context.Context, _ *struct{}) (*orderOutput, error) {
			return nil, fail(ctx)
		})
	return webtest.Serve(t, httpserver.Wrap(router, opts))
}

func newClient(srv *httptest.Server) *httpclient.Client {
	return httpclient.New(httpclient.Config{Name: "testsvc", BaseURL: srv.URL})
}

func TestAnErrorOfAHandlerReachesTheCallerWhole(t *testing.T) {
	tests := []*apierr.Error{
		apierr.New(apierr.KindMalformed, "bad_cursor"),
		apierr.New(apierr.KindUnauthenticated, apierr.CodeUnauthenticated),
		apierr.New(apierr.KindForbidden, "not_owner"),
		apierr.New(apierr.KindNotFound, apierr.CodeNotFound).With("what", "book"),
		apierr.New(apierr.KindConflict, catalogapi.CodeOutOfStock).With("available", 2.0),
		apierr.New(apierr.KindTooLarge, catalogapi.CodeCoverTooLarge),
		apierr.Field("lines[0].quantity", apierr.CodeTooLarge, "max", 3.0),
		apierr.New(apierr.KindRateLimited, "too_many_logins"),
		apierr.Unavailable("catalogsvc"),
	}
	for _, want := range tests {
		t.Run(want.Code, func(t *testing.T) {
			webtest.CaptureLog(t)
			fail := func(context.Context) error { return fmt.Errorf("place the order: %w", want) }
			client := newClient(newBackend(t, fail, httpserver.Options{}))
			err := client.Do(t.Context(), http.MethodGet, "/v1/fail", nil, nil)
			got, ok := apierr.As(err)
			if !ok || !reflect.DeepEqual(got, want) {
				t.Errorf("got %#v (%v), want %#v", got, err, want)
			}
		})
	}
}

func TestAnUnclassifiedErrorIsLoggedOnceAndLeavesBland(t *testing.T) {
	failures := map[string]error{
		"plain":      errors.New("dial 10.0.0.7: password 'hunter2' refused"),
		"classified": apierr.New(apierr.KindInternal, "hunter2"),
		"wrapped":    fmt.Errorf("hunter2: %w", apierr.New(apierr.KindInternal, apierr.CodeInternal)),
	}
	for name, failure := range failures {
		t.Run(name, func(t *testing.T) {
			log := webtest.CaptureLog(t)
			srv := newBackend(t, func(context.Context) error { return failure }, httpserver.Options{})
			resp, body := webtest.Get(t, srv.URL+"/v1/fail")
			if resp.StatusCode != 500 || strings.Contains(body, "hunter2") || !strings.Contains(body, `"code":"internal"`) {
				t.Errorf("got %d %s, want a bland 500", resp.StatusCode, body)
			}
			if got := resp.Header.Get("Content-Type"); got != apierr.ContentType {
				t.Errorf("got content type %q, want %q", got, apierr.ContentType)
			}
			srv.Close() // waits until the access log is written
			if n := strings.Count(log.String(), `"request failed"`); n != 1 {
				t.Errorf("logged %d times, want once:\n%s", n, log)
			}
			if id := resp.Header.Get("X-Request-Id"); strings.Count(log.String(), `"request_id":"`+id+`"`) != 2 {
				t.Errorf("want request id %s in the error's line and the access log's:\n%s", id, log)
			}
		})
	}
}

type outage struct{}

func (outage) Error() string     { return "dial tcp 10.0.0.7:3306: refused" }
func (outage) Unavailable() bool { return true }

func TestAHandlersNotModifiedIsNoProblem(t *testing.T) {
	log := webtest.CaptureLog(t)
	srv := newBackend(t, func(context.Context) error { return huma.Status304NotModified() }, httpserver.Options{})
	resp, body := webtest.Get(t, srv.URL+"/v1/fail")
	if resp.StatusCode != 304 || body != "" || strings.Contains(log.String(), "failed") {
		t.Errorf("got %d %q, log:\n%s", resp.StatusCode, body, log)
	}
}

func TestADatabaseThatIsAwayIsAnswered503WithRetryAfter(t *testing.T) {
	webtest.CaptureLog(t)
	srv := newBackend(t, func(context.Context) error { return fmt.Errorf("list books: %w", outage{}) }, httpserver.Options{})
	resp, body := webtest.Get(t, srv.URL+"/v1/fail")
	if resp.StatusCode != 503 || resp.Header.Get("Retry-After") == "" || !strings.Contains(body, `"code":"unavailable"`) {
		t.Errorf("got %d, Retry-After %q, %s", resp.StatusCode, resp.Header.Get("Retry-After"), body)
	}
	if strings.Contains(body, "10.0.0.7") {
		t.Errorf("the answer shows an address: %s", body)
	}
}

func TestARefusedRequestNamesItsFields(t *testing.T) {
	const good = `"email":"a@b.co","address":{"country":"DE"},"lines":[{"quantity":1}]`
	tests := []struct {
		name, query, body string
		want              []apierr.FieldError
	}{
		{"missing", "", `{"address":{},"lines":[{}]}`, []apierr.FieldError{
			{Field: "address.country", Code: apierr.CodeRequired},
			{Field: "email", Code: apierr.CodeRequired},
			{Field: "lines[0].quantity", Code: apierr.CodeRequired},
		}},
		{"empty", "", `{"email":"","address":{"country":"DE"},"lines":[]}`, []apierr.FieldError{
			{Field: "email", Code: apierr.CodeRequired},
			{Field: "lines", Code: apierr.CodeRequired},
		}},
		{"limits", "?limit=0", `{"email":"a@b.co","title":"ab","address":{"country":"DE"},"lines":[{"quantity":0},{"quantity":100,"note":"sixsix"}]}`, []apierr.FieldError{
			{Field: "limit", Code: apierr.CodeTooSmall, Params: map[string]any{"min": 1.0}},
			{Field: "lines[0].quantity", Code: apierr.CodeTooSmall, Params: map[string]any{"min": 1.0}},
			{Field: "lines[1].note", Code: apierr.CodeTooLong, Params: map[string]any{"max": 5.0}},
			{Field: "lines[1].quantity", Code: apierr.CodeTooLarge, Params: map[string]any{"max": 99.0}},
			{Field: "title", Code: apierr.CodeTooShort, Params: map[string]any{"min": 3.0}},
		}},
		{"too many", "", `{"email":"a@b.co","address":{"country":"DE"},"lines":[{"quantity":1},{"quantity":1},{"quantity":1}]}`, []apierr.FieldError{
			{Field: "lines", Code: apierr.CodeTooLong, Params: map[string]any{"max": 2.0}},
		}},
		{"formats", "", `{"email":"sesame","address":{"country":"sesame"},"lines":[{"quantity":1}]}`, []apierr.FieldError{
			{Field: "address.country", Code: apierr.CodeBadFormat},
			{Field: "email", Code: apierr.CodeBadFormat},
		}},
		{"null", "", `{"email":"a@b.co","address":{"country":"DE"},"lines":null}`, []apierr.FieldError{{Field: "lines", Code: apierr.CodeBadType}}},
		{"choice", "", `{"kind":"sesame",` + good + `}`, []apierr.FieldError{{Field: "kind", Code: apierr.CodeNotAllowed}}},
		{"unknown", "", `{"sesame":true,` + good + `}`, []apierr.FieldError{{Field: "sesame", Code: apierr.CodeUnexpected}}},
		{"types", "?limit=sesame", `{"email":7,"address":{"country":"DE"},"lines":[{"quantity":"sesame"}]}`, []apierr.FieldError{
			{Field: "limit", Code: apierr.CodeBadType},
			{Field: "email", Code: apierr.CodeBadType},
			{Field: "lines[0].quantity", Code: apierr.CodeBadType},
		}},
		{"fraction", "", `{"email":"a@b.co","address":{"country":"DE"},"lines":[{"quantity":1.5}]}`, []apierr.FieldError{
			{Field: "lines[0].quantity", Code: apierr.CodeBadType},
		}},
		{"overflow", "", `{"cents":99999999999999999999,` + good + `}`, []apierr.FieldError{{Field: "cents", Code: apierr.CodeBadType}}},
	}
	webtest.CaptureLog(t)
	srv := newBackend(t, nil, httpserver.Options{})
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			resp, body := webtest.Post(t, srv.URL+"/v1/orders"+tt.query, "application/json", tt.body)
			got := webtest.Problem(t, body)
			if resp.StatusCode != 422 || got.Code != apierr.CodeInvalid || !reflect.DeepEqual(got.Fields, tt.want) {
				t.Errorf("got %d %s\nwant fields %+v", resp.StatusCode, body, tt.want)
			}
			if strings.Contains(strings.ReplaceAll(body, `"field":"sesame"`, ""), "sesame") {
				t.Errorf("the answer echoes what was sent: %s", body)
			}
		})
	}
}

func TestABodyThatCannotBeReadIsRefused(t *testing.T) {
	big := `{"email":"` + strings.Repeat("x", 2<<20) + `"}`
	tests := []struct {
		name, contentType, body string
		maxBody                 int64
		status                  int
		code                    string
	}{
		{"not JSON", "application/json", `{"email":sesame`, 0, 400, apierr.CodeMalformedBody},
		{"not an object", "application/json", `[]`, 0, 422, apierr.CodeInvalid},
		{"empty", "application/json", ``, 0, 400, apierr.CodeMalformedBody},
		{"XML", "application/xml", `<sesame/>`, 0, 400, apierr.CodeUnsupportedMediaType},
		{"over the server's limit", "application/json", big, 0, 413, apierr.CodeBodyTooLarge},
		{"over the operation's limit", "application/json", big, 8 << 20, 413, apierr.CodeBodyTooLarge},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			srv := newBackend(t, nil, httpserver.Options{MaxBody: tt.maxBody})
			resp, body := webtest.Post(t, srv.URL+"/v1/orders", tt.contentType, tt.body)
			if got := webtest.Problem(t, body); resp.StatusCode != tt.status || got.Code != tt.code {
				t.Errorf("got %d %s, want %d %s", resp.StatusCode, body, tt.status, tt.code)
			}
			if strings.Contains(body, "sesame") {
				t.Errorf("the answer echoes what was sent: %s", body)
			}
		})
	}
}

func TestUnknownPathsAndMethodsAreProblems(t *testing.T) {
	srv := newBackend(t, nil, httpserver.Options{})
	resp, body := webtest.Get(t, srv.URL+"/v1/nowhere")
	if got := webtest.Problem(t, body); resp.StatusCode != 404 || got.Code != apierr.CodeNotFound {
		t.Errorf("got %d %s, want a 404 problem", resp.StatusCode, body)
	}
	resp, body = webtest.Get(t, srv.URL+"/v1/orders")
	if got := webtest.Problem(t, body); resp.StatusCode != 405 || got.Code != apierr.CodeMethodNotAllowed {
		t.Errorf("got %d %s, want a 405 problem", resp.StatusCode, body)
	}
	if got := resp.Header.Get("Allow"); got != "POST" {
		t.Errorf("got Allow %q, want POST", got)
	}
}

func TestTheOpenAPIDocumentDescribesErrorsAndNothingElseIsAdded(t *testing.T) {
	srv := newBackend(t, nil, httpserver.Options{})
	_, body := webtest.Get(t, srv.URL+"/openapi.json")
	var doc struct {
		OpenAPI    string
		Components struct {
			Schemas map[string]struct{ Properties map[string]any }
		}
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil {
		t.Fatal(err)
	}
	problem := doc.Components.Schemas["Problem"].Properties
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || problem["code"] == nil || problem["errors"] == nil {
		t.Errorf("OpenAPI %s, Problem %v", doc.OpenAPI, problem)
	}
	resp, answer := webtest.Post(t, srv.URL+"/v1/orders", "application/json", `{"email":"a@b.co","address":{"country":"DE"},"lines":[{"quantity":1}]}`)
	if resp.StatusCode != 200 || answer != `{"lines":1}`+"\n" || resp.Header.Get("Link") != "" {
		t.Errorf("got %d %q, Link %q", resp.StatusCode, answer, resp.Header.Get("Link"))
	}
	for _, path := range []string{"/docs", "/schemas/Problem.json", "/openapi.yaml"} {
		if resp, _ := webtest.Get(t, srv.URL+path); resp.StatusCode != 404 {
			t.Errorf("GET %s: got %d, want 404", path, resp.StatusCode)
		}
	}
}

func TestServicesAloneReachInternalPaths(t *testing.T) {
	router := mux.NewRouter()
	router.PathPrefix("/").HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, `{}`) })
	tests := []struct {
		server, client, path string
		allowed              bool
	}{
		{"secret", "secret", "/internal/users", true},
		{"secret", "guess", "/internal/users", false},
		{"secret", "", "/internal/users", false},
		{"secret", "", "/v1/x/../../internal/users", false},
		{"secret", "", "/%69nternal", false},
		{"", "", "/internal/users", false},
		{",", "", "/internal/users", false},
		{"old,new", "old", "/internal/users", true},
		{"old,new", "new,old", "/internal/users", true},
		{"new", "old,new", "/internal/users", false},
		{"secret", "", "/v1/internal", true},
	}
	for _, tt := range tests {
		srv := webtest.Serve(t, httpserver.Wrap(jsonapi.RequireServiceKey(tt.server)(router), httpserver.Options{}))
		client := httpclient.New(httpclient.Config{Name: "testsvc", BaseURL: srv.URL, ServiceKey: tt.client})
		err := client.Do(t.Context(), http.MethodGet, tt.path, nil, nil)
		if tt.allowed != (err == nil) || !tt.allowed && !apierr.IsKind(err, apierr.KindForbidden) {
			t.Errorf("%+v: got %v", tt, err)
		}
	}
}
