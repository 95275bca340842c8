package httpserver

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"sync"

	"bookstore/shared/internal/requestid"

	"go.opentelemetry.io/otel/trace"
)

// NewLogger returns a logger that writes JSON lines to w, each with the name
// of the service and, where the context has them, the ids of request and trace.
func NewLogger(w io.Writer, service string, level slog.Leveler) *slog.Logger {
	handler := slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level, ReplaceAttr: errorsAsText})
	return slog.New(idHandler{handler}).With("service", service)
}

// errorsAsText writes an error as what it says. Those that callers may see
// would be written as they see them, without their cause.
func errorsAsText(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindAny {
		if err, ok := a.Value.Any().(error); ok {
			return slog.String(a.Key, err.Error())
		}
	}
	return a
}

// idHandler adds the context's ids of request and trace to every record.
type idHandler struct{ slog.Handler }

func (h idHandler) Handle(ctx context.Context, r slog.Record) error {
	id, span := requestid.From(ctx), trace.SpanContextFromContext(ctx)
	if id != "" || span.HasTraceID() {
		r = r.Clone()
	}
	if id != "" {
		r.AddAttrs(slog.String("request_id", id))
	}
	if span.HasTraceID() {
		r.AddAttrs(slog.String("trace_id", span.TraceID().String()))
	}
	return h.Handler.Handle(ctx, r)
}

func (h idHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return idHandler{h.Handler.WithAttrs(attrs)}
}

func (h idHandler) WithGroup(name string) slog.Handler {
	return idHandler{h.Handler.WithGroup(name)}
}

// record collects what inner handlers know about a request for its line in
// the access log, its metrics and its trace.
type record struct {
	mu    sync.Mutex
	attrs []slog.Attr
	route string // the template that it matched, or otherRoute
}

// recordKey finds the record of a request in its context.
type recordKey struct{}

func (r *record) setRoute(template string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.route = template
}

func (r *record) routeTemplate() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.route
}

// Annotate adds attributes to the access log's line about the request that
// ctx serves. Outside a request it does nothing.
func Annotate(ctx context.Context, attrs ...slog.Attr) {
	rec, ok := ctx.Value(recordKey{}).(*record)
	if !ok {
		return
	}
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.attrs = append(rec.attrs, attrs...)
}

func (r *record) all() []slog.Attr {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.attrs)
}
