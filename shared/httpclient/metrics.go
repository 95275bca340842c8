package httpclient

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/internal/buckets"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

var (
	clientDuration = promauto.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "http_client_call_duration_seconds",
		Help:    "Calls to other services with their repetitions, by method and result: ok, refused (by an error sent on purpose), unavailable, abandoned (by its caller).",
		Buckets: buckets.Seconds,
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

// longWait is the time from which a call is worth a line in the log.
const longWait = time.Second

// observeCall counts a call that began at start and ended with *err, and logs
// one that took long. It is deferred, hence the pointer.
func (c *Client) observeCall(ctx context.Context, method string, start time.Time, err *error) {
	took, result := time.Since(start), callResult(*err)
	clientDuration.WithLabelValues(c.cfg.Name, method, result).Observe(took.Seconds())
	if took >= longWait {
		slog.InfoContext(ctx, "waited for a service", "service", c.cfg.Name, "method", method, "result", result, "took", took)
	}
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
