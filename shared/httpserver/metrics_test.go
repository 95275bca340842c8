package httpserver_test

import (
	"crypto/rand"
	"io"
	"net/http"
	"testing"

	"bookstore/shared/httpserver"
	"bookstore/shared/internal/webtest"

	"github.com/gorilla/mux"
)

func TestRequestsAreCountedByTheirRoutesAndNotByTheirPaths(t *testing.T) {
	webtest.CaptureLog(t)
	answer := func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }
	pages := mux.NewRouter().StrictSlash(true)
	pages.Use(httpserver.NameRoute)
	pages.HandleFunc("/metrics-test/{id}/edit", answer).Methods(http.MethodGet)
	root := mux.NewRouter()
	root.Use(httpserver.NameRoute)
	root.PathPrefix("/metrics-files/").HandlerFunc(answer)
	root.PathPrefix("/").Handler(pages)
	srv := webtest.Serve(t, httpserver.Wrap(root, httpserver.Options{}))

	before := webtest.Series(t, "http_server_request_duration_seconds")
	const n = 20
	for range n {
		random := rand.Text()
		for _, path := range []string{"/metrics-test/" + random + "/edit", "/metrics-files/" + random, "/" + random} {
			webtest.Get(t, srv.URL+path)
		}
		req, err := http.NewRequest(random, srv.URL+"/metrics-test/7/edit", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		webtest.ReadAll(t, resp)
	}
	srv.Close() // waits for what is counted last
	want := map[string]float64{
		"method=GET route=/metrics-test/{id}/edit status=2xx": n,
		"method=GET route=/metrics-files/* status=2xx":        n,
		"method=GET route=other status=4xx":                   n,
		"method=OTHER route=other status=4xx":                 n,
	}
	for labels, count := range webtest.Series(t, "http_server_request_duration_seconds") {
		if got := count - before[labels]; got != want[labels] {
			t.Errorf("%s: counted %v, want %v", labels, got, want[labels])
		}
		delete(want, labels)
	}
	if len(want) > 0 {
		t.Errorf("not counted: %v", want)
	}
}
