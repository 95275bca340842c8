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

// routeTemplate returns the template that a request has matched.
func routeTemplate(r *http.Request) string {
	route := mux.CurrentRoute(r)
	if route == nil {
		return otherRoute
	}
	template, err := templateOf(route)
	if err != nil || template == everyPath {
		return otherRoute
	}
	return template
}

// everyPath is the template of a route that takes whatever no other took. It
// says nothing.
const everyPath = "/*"

// templateOf returns the template of a route, with "*" after it if it is the
// beginning of a path only.
func templateOf(route *mux.Route) (string, error) {
	template, err := route.GetPathTemplate()
	if err != nil {
		return "", err
	}
	pattern, err := route.GetPathRegexp()
	if err != nil {
		return "", err
	}
	if !strings.HasSuffix(pattern, "$") {
		template += "*"
	}
	return template, nil
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
