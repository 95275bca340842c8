package httpclient_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"bookstore/shared/httpserver"
	"bookstore/shared/internal/webtest"
)

// Operators have to see what callers must not.
func TestTheLogTellsWhyACallFailed(t *testing.T) {
	srv := webtest.Serve(t, http.NotFoundHandler())
	srv.Close()
	err := newClient(srv).Do(t.Context(), http.MethodGet, "/secret?token=s3cret", nil, nil)
	var lines bytes.Buffer
	httpserver.NewLogger(&lines, "testsvc", slog.LevelInfo).Warn("request failed", "error", err)
	if got := lines.String(); !strings.Contains(got, "refused") || strings.Contains(got, "s3cret") {
		t.Errorf("the line does not tell the cause, or tells too much: %s", got)
	}
}
