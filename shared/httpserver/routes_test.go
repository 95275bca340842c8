package httpserver

import (
	"net/http"
	"testing"

	"github.com/gorilla/mux"
)

func TestThePrivateListenerShowsTheRoutes(t *testing.T) {
	outer, inner := mux.NewRouter(), mux.NewRouter().StrictSlash(true)
	inner.Path("/books/{id:[0-9]+}").Methods(http.MethodGet, http.MethodHead)
	outer.PathPrefix("/assets/").Handler(http.NotFoundHandler())
	outer.PathPrefix("/").Handler(http.HandlerFunc(inner.ServeHTTP))

	private := freeListener(t)
	handler := Wrap(outer, Options{Routers: []*mux.Router{outer, inner}})
	url, stop, _ := startServing(t, Config{}, private, handler)
	defer stop()
	want := "* /assets/*\nGET /books/{id:[0-9]+}\nHEAD /books/{id:[0-9]+}\n"
	if status, got := fetchStatus(t, "http://"+private.Addr().String()+"/routes"); status != http.StatusOK || got != want {
		t.Errorf("got %d %q, want %q", status, got, want)
	}
	if status, _ := fetchStatus(t, url+"/routes"); status != http.StatusNotFound {
		t.Errorf("publicly: got %d, want 404", status)
	}
}
