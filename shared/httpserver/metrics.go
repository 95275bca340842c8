package httpserver

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"bookstore/shared/internal/buckets"

	"github.com/gorilla/mux"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// otherRoute labels requests that no route took.
const otherRoute = "other"

var (
	serverDuration = promauto.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "http_server_request_duration_seconds",
		Help:    "Requests answered, by route template, method and class of status.",
		Buckets: buckets.Seconds,
	}, []string{"route", "method", "status"})
	serverInFlight = promauto.NewGauge(prometheus.GaugeOpts{
		Name: "http_server_requests_in_flight",
		Help: "Requests being answered.",
	})
)

// NameRoute is middleware of a mux router. It tells Wrap's metrics and traces
// which of the router's path templates a request has matched. Where routers
// are nested, the innermost that matched counts. jsonapi.New's router has it already.
func NameRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rec, ok := r.Context().Value(recordKey{}).(*record); ok {
			rec.setRoute(routeTemplate(r))
		}
		next.ServeHTTP(w, r)
	})
}

// routeTemplate returns the matched template, with "*" after it if it is the
// beginning of a path only. One that begins every path says nothing.
func routeTemplate(r *http.Request) string {
	route := mux.CurrentRoute(r)
	if route == nil {
		return otherRoute
	}
	template, err := route.GetPathTemplate()
	if err != nil {
		return otherRoute
	}
	pattern, err := route.GetPathRegexp()
	switch {
	case err != nil || strings.HasSuffix(pattern, "$"):
		return template
	case template == "/":
		return otherRoute
	}
	return template + "*"
}

func observeRequest(method, route string, status int, took time.Duration) {
	serverDuration.WithLabelValues(route, method, strconv.Itoa(status/100)+"xx").Observe(took.Seconds())
}

// boundedMethod keeps invented methods out of labels.
func boundedMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "OTHER"
}
