package httpserver_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"bookstore/shared/httpserver"

	"github.com/gorilla/mux"
)

// BenchmarkWrap is what every request costs before its handler begins and
// after it ends, with its line in the log.
func BenchmarkWrap(b *testing.B) {
	before := slog.Default()
	b.Cleanup(func() { slog.SetDefault(before) })
	slog.SetDefault(httpserver.NewLogger(io.Discard, "bench", slog.LevelInfo))

	router := mux.NewRouter()
	router.Use(httpserver.NameRoute)
	router.HandleFunc("/v1/books/{id}", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	handler := httpserver.Wrap(router, httpserver.Options{})
	r := httptest.NewRequest(http.MethodGet, "/v1/books/7", nil)
	r.Header.Set("X-Request-Id", "0198f7a2-77d1-7c5e")
	b.ReportAllocs()
	for b.Loop() {
		r.Body = http.NoBody // which the last turn has bounded
		handler.ServeHTTP(httptest.NewRecorder(), r)
	}
}
