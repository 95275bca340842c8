package sqldbtest

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bookstore/shared/internal/tracing"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// Statements records what is asked of the databases that are opened after it
// was made, by traces.
type Statements struct {
	exporter *tracetest.InMemoryExporter
	provider *sdktrace.TracerProvider
}

// Count is what was asked of a group of tables.
type Count struct {
	SQL     []string // each statement, in order
	Commits int      // transactions that wrote there, and statements that did so alone
}

// NewStatements begins to record, until the test ends.
func NewStatements(t *testing.T) *Statements {
	t.Helper()
	exporter := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	tracing.Start(provider)
	t.Cleanup(tracing.Stop)
	return &Statements{exporter, provider}
}

// During counts what is asked while do runs with the context that it is given,
// by group of tables. A statement is of the group that has the first table that
// it names, and "other" if none has.
func (s *Statements) During(ctx context.Context, groups map[string][]string, do func(ctx context.Context)) map[string]*Count {
	s.exporter.Reset()
	ctx, root := s.provider.Tracer("sqldbtest").Start(ctx, "all")
	do(ctx)
	root.End()
	spans := s.exporter.GetSpans()
	slices.SortStableFunc(spans, func(a, b tracetest.SpanStub) int { return a.StartTime.Compare(b.StartTime) })
	transactions := map[string]bool{}
	for _, span := range spans {
		if span.Name == "transaction" {
			transactions[span.SpanContext.SpanID().String()] = true
		}
	}
	counts, committed := map[string]*Count{}, map[string]bool{}
	for _, span := range spans {
		query := queryOf(span.Attributes)
		if query == "" {
			continue
		}
		group := groupOf(query, groups)
		if counts[group] == nil {
			counts[group] = &Count{}
		}
		counts[group].SQL = append(counts[group].SQL, query)
		if strings.HasPrefix(query, "SELECT") {
			continue
		}
		parent := span.Parent.SpanID().String()
		if key := group + parent; !transactions[parent] || !committed[key] {
			counts[group].Commits++
			committed[key] = true
		}
	}
	return counts
}

func queryOf(attributes []attribute.KeyValue) string {
	for _, a := range attributes {
		if a.Key == "db.query.text" || a.Key == "db.statement" {
			return a.Value.AsString()
		}
	}
	return ""
}

var firstTable = regexp.MustCompile(`(?:FROM|INTO|UPDATE) (\w+)`)

func groupOf(query string, groups map[string][]string) string {
	named := firstTable.FindStringSubmatch(query)
	for group, tables := range groups {
		if named != nil && slices.Contains(tables, named[1]) {
			return group
		}
	}
	return "other"
}
