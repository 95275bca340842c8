package httpx

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"bookstore/shared/apierr"

	"github.com/gorilla/mux"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// otherRoute labels requests that no route took.
const otherRoute = "other"

// durations are the bounds of the histograms' buckets, in seconds.
var durations = []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

var (
	serverDuration = promauto.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "http_server_request_duration_seconds",
		Help:    "Requests answered, by route template, method and class of status.",
		Buckets: durations,
	}, []string{"route", "method", "status"})
	serverInFlight = promauto.NewGauge(prometheus.GaugeOpts{
		Name: "http_server_requests_in_flight",
		Help: "Requests being answered.",
	})
	clientDuration = promauto.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "http_client_call_duration_seconds",
		Help:    "Calls to other services with their repetitions, by method and result: ok, refused (by an error sent on purpose), unavailable, abandoned (by its caller).",
		Buckets: durations,
	}, []string{"service", "method", "result"})
	clientRetries = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "http_client_retries_total",
		Help: "Repetitions of calls to other services.",
	}, []string{"service"})
	breakerState = promauto.NewGaugeVec(prometheus.GaugeOpts{
		Name: "http_client_breaker_state",
		Help: "State of the circuit breaker: 0 closed, 1 half-open, 2 open.",
	}, []string{"service"})
)

// NameRoute is middleware of a mux router. It tells Wrap's metrics and traces
// which of the router's path templates a request has matched. Where routers
// are nested, the innermost that matched counts. NewAPI's router has it already.
func NameRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rec, ok := r.Context().Value(recordKey).(*record); ok {
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

// observeCall counts a call that began at start and ended with *err. It is
// deferred, hence the pointer.
func (c *Client) observeCall(method string, start time.Time, err *error) {
	clientDuration.WithLabelValues(c.cfg.Name, method, callResult(*err)).Observe(time.Since(start).Seconds())
}

func callResult(err error) string {
	switch {
	case err == nil:
		return "ok"
	case errors.Is(err, errAbandoned), errors.Is(err, context.Canceled):
		return "abandoned"
	case apierr.IsKind(err, apierr.KindUnavailable):
		return "unavailable"
	}
	return "refused"
}
