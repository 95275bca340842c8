package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"maps"
	"sync"

	"bookstore/shared/internal/tracing"

	"github.com/XSAM/otelsql"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/trace"
)

// The roles of a pool, as metrics name them.
const (
	writerRole = "writer"
	readerRole = "reader"
)

// What the status page and the metrics call the databases.
const (
	writerDependency = "database_writer"
	readerDependency = "database_reader"
)

var (
	reads = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "db_reads_total",
		Help: "Queries outside transactions, by the role of the database that served them.",
	}, []string{"role"})
	readerReads = reads.WithLabelValues(readerRole)
	writerReads = reads.WithLabelValues(writerRole)

	fallbacks = promauto.NewCounter(prometheus.CounterOpts{
		Name: "db_reader_fallbacks_total",
		Help: "Queries for the reader that the writer served because the reader failed or was away.",
	})
)

func countFallback() {
	fallbacks.Inc()
	writerReads.Inc()
}

// openPool returns a pool that the metrics know, until untrackPool, and whose
// statements are traced if traces are on.
func openPool(connector driver.Connector, dialect Dialect, role string) *sql.DB {
	pool := tracedPool(preparing{connector}, dialect)
	pools.mu.Lock()
	defer pools.mu.Unlock()
	pools.roles[pool] = role
	return pool
}

func tracedPool(connector driver.Connector, dialect Dialect) *sql.DB {
	if !tracing.On() {
		return sql.OpenDB(connector)
	}
	return otelsql.OpenDB(connector,
		otelsql.WithAttributes(attribute.String("db.system.name", string(dialect))),
		otelsql.WithSpanOptions(otelsql.SpanOptions{
			DisableErrSkip:       true,
			OmitConnResetSession: true,
			OmitConnPrepare:      true,
			OmitRows:             true,
			// Statements of polls and probes would be traces of their own.
			SpanFilter: func(ctx context.Context, _ otelsql.Method, _ string, _ []driver.NamedValue) bool {
				return trace.SpanContextFromContext(ctx).IsValid()
			},
		}))
}

// traceTx makes a transaction a span of its trace, if it has one, of which its
// statements are children.
func traceTx(ctx context.Context) (_ context.Context, ended func()) {
	if !tracing.On() || !trace.SpanContextFromContext(ctx).IsValid() {
		return ctx, func() {}
	}
	ctx, span := otel.Tracer("bookstore/shared/sqldb").Start(ctx, "transaction")
	return ctx, func() { span.End() }
}

func untrackPool(pool *sql.DB) {
	pools.mu.Lock()
	defer pools.mu.Unlock()
	delete(pools.roles, pool)
}

// pools are the open ones. Those of the same role are counted together.
var pools = &poolCollector{roles: map[*sql.DB]string{}}

func init() { prometheus.MustRegister(pools) }

type poolCollector struct {
	mu    sync.Mutex
	roles map[*sql.DB]string
}

var (
	poolConnections = prometheus.NewDesc("db_pool_connections", "Connections, by whether they are in use or idle.", []string{"role", "state"}, nil)
	poolMax         = prometheus.NewDesc("db_pool_connections_max", "Connections that there may be.", []string{"role"}, nil)
	poolWaits       = prometheus.NewDesc("db_pool_waits_total", "Statements that waited for a connection.", []string{"role"}, nil)
	poolWaitSeconds = prometheus.NewDesc("db_pool_wait_seconds_total", "Time that statements waited for a connection.", []string{"role"}, nil)
)

// Describe implements prometheus.Collector.
func (c *poolCollector) Describe(ch chan<- *prometheus.Desc) {
	for _, desc := range []*prometheus.Desc{poolConnections, poolMax, poolWaits, poolWaitSeconds} {
		ch <- desc
	}
}

// Collect implements prometheus.Collector.
func (c *poolCollector) Collect(ch chan<- prometheus.Metric) {
	for role, s := range c.stats() {
		gauge := func(desc *prometheus.Desc, n int, labels ...string) {
			ch <- prometheus.MustNewConstMetric(desc, prometheus.GaugeValue, float64(n), append([]string{role}, labels...)...)
		}
		gauge(poolConnections, s.InUse, "in_use")
		gauge(poolConnections, s.Idle, "idle")
		gauge(poolMax, s.MaxOpenConnections)
		ch <- prometheus.MustNewConstMetric(poolWaits, prometheus.CounterValue, float64(s.WaitCount), role)
		ch <- prometheus.MustNewConstMetric(poolWaitSeconds, prometheus.CounterValue, s.WaitDuration.Seconds(), role)
	}
}

func (c *poolCollector) stats() map[string]sql.DBStats {
	c.mu.Lock()
	open := maps.Clone(c.roles)
	c.mu.Unlock()
	byRole := map[string]sql.DBStats{}
	for pool, role := range open {
		sum, s := byRole[role], pool.Stats()
		sum.InUse += s.InUse
		sum.Idle += s.Idle
		sum.MaxOpenConnections += s.MaxOpenConnections
		sum.WaitCount += s.WaitCount
		sum.WaitDuration += s.WaitDuration
		byRole[role] = sum
	}
	return byRole
}
