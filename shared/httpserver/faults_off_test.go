//go:build !faults

package httpserver

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAReleaseCannotBeToldToFail(t *testing.T) {
	private := newPrivateServer(Config{}, &faultSwitches{}, http.NotFoundHandler()).Handler
	for _, method := range []string{http.MethodGet, http.MethodPut} {
		answer := httptest.NewRecorder()
		private.ServeHTTP(answer, httptest.NewRequest(method, "/faults", strings.NewReader(`{"down": true}`)))
		if answer.Code != http.StatusNotFound {
			t.Errorf("%s /faults answered %d", method, answer.Code)
		}
	}
}
