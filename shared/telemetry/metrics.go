package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"bookstore/shared/internal/build"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// gatherTimeout bounds what Gauges' functions may take, all together with what
// the scraper waits.
const gatherTimeout = 3 * time.Second

// Handler answers with the process's metrics in Prometheus's format, for
// httpserver.Config.Metrics.
func (t *Telemetry) Handler() http.Handler {
	return promhttp.HandlerFor(prometheus.DefaultGatherer, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError,
	})
}

func (t *Telemetry) publishBuild() {
	b := build.Current()
	labels := map[string]string{"service": t.service, "version": b.Version, "revision": b.Revision, "go": b.Go}
	Gauge("bookstore_build_info", "The build that runs; always 1.", labels, func() float64 { return 1 })
}

// Gauge publishes what value returns each time that the metrics are read.
// labels, which may be nil, are the same each time. A second Gauge of the same
// name and labels replaces the first.
func Gauge(name, help string, labels map[string]string, value func() float64) {
	register(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help, ConstLabels: labels}, value))
}

// Gauges publishes what read returns each time that the metrics are read: a
// number for each value of label, such as orders by their state. The values of
// a label must be few. Where read fails, in time or at all, the numbers are
// missing and the failure is logged. A second call with the same name and
// label replaces the first.
func Gauges(name, help, label string, read func(ctx context.Context) (map[string]float64, error)) {
	register(&gauges{prometheus.NewDesc(name, help, []string{label}, nil), name, read})
}

// Counter counts events by their kind.
type Counter struct{ byKind *prometheus.CounterVec }

// NewCounter publishes a count of events for each value of label, which must
// be few. A second counter of the same name and label replaces the first.
func NewCounter(name, help, label string) Counter {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, []string{label})
	register(c)
	return Counter{c}
}

// Add counts one event of the kind.
func (c Counter) Add(kind string) { c.byKind.WithLabelValues(kind).Inc() }

// register is for programs' own metrics, whose names are constants: one that
// Prometheus refuses is a mistake in the program.
func register(c prometheus.Collector) {
	err := prometheus.Register(c)
	if before := (prometheus.AlreadyRegisteredError{}); errors.As(err, &before) {
		prometheus.Unregister(before.ExistingCollector)
		err = prometheus.Register(c)
	}
	if err != nil {
		panic(fmt.Sprintf("telemetry: %v", err))
	}
}

type gauges struct {
	desc *prometheus.Desc
	name string
	read func(context.Context) (map[string]float64, error)
}

// Describe implements prometheus.Collector.
func (g *gauges) Describe(ch chan<- *prometheus.Desc) { ch <- g.desc }

// Collect implements prometheus.Collector.
func (g *gauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), gatherTimeout)
	defer cancel()
	values, err := g.read(ctx)
	if err != nil {
		slog.Warn("metric not read", "metric", g.name, "error", err)
		return
	}
	for value, n := range values {
		ch <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, n, value)
	}
}
