package httpserver

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/internal/fresh"
	"bookstore/shared/internal/requestid"
	"bookstore/shared/servicekey"

	"github.com/gorilla/mux"
)

// DefaultMaxBody is the size in bytes that a request's body may have unless
// Options say otherwise.
const DefaultMaxBody = 1 << 20

// Options says how Wrap treats requests. The zero value is right for a
// JSON backend without uploads.
type Options struct {
	// MaxBody bounds every request's body, in bytes; 0 means DefaultMaxBody.
	MaxBody int64
	// MaxUpload, if not nil, returns the bound of a request's body where that is
	// above MaxBody, and otherwise 0.
	MaxUpload func(*http.Request) int64
	// IgnoreCacheControl keeps "Cache-Control: no-cache" from asking for fresh
	// reads. Browsers send it on every reload, so the web shop sets this.
	IgnoreCacheControl bool
	// SecretPaths are path prefixes, such as "/v1/password-resets/", after which
	// the path is a secret: the access log leaves that part out.
	SecretPaths []string
	// Limits bound what is answered at once, with a Class for each request. Without
	// a Class there are no bounds.
	Limits Limits
	Class  func(*http.Request) Class
	// ServiceKey has the keys of our processes, whose calls say themselves how
	// urgent they are.
	ServiceKey string
	// Clients says where requests come from, and with LimitClients how often
	// each client may ask.
	Clients      Clients
	LimitClients bool
	// Refused answers a request that Limits or Clients do not let in with why;
	// nil means a problem document. It is to cost little.
	Refused func(http.ResponseWriter, *http.Request, *apierr.Error)
	// Panicked answers a request whose handler panicked; nil means a bland
	// problem document.
	Panicked http.Handler
	// Routers are those whose routes the private listener shows at /routes.
	Routers []*mux.Router

	isOurs func(key string) bool
}

func (o Options) ourOwn(r *http.Request) bool { return o.isOurs(r.Header.Get(servicekey.Header)) }

// RequestID returns the id of the request that ctx serves, or "".
func RequestID(ctx context.Context) string { return requestid.From(ctx) }

// Wrap puts around router what every request needs and the router itself must
// not be able to skip: request id, access log, metrics, trace, recovery, limits
// of bodies and of what is done at once, and the header that forbids guessing
// content types.
func Wrap(router http.Handler, opts Options) http.Handler {
	if opts.MaxBody == 0 {
		opts.MaxBody = DefaultMaxBody
	}
	if opts.Panicked == nil {
		opts.Panicked = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { writeProblem(w, errInternal) })
	}
	if opts.Refused == nil {
		opts.Refused = func(w http.ResponseWriter, _ *http.Request, why *apierr.Error) { writeProblem(w, why) }
	}
	opts.isOurs = servicekey.Accepted(opts.ServiceKey)
	if opts.Class != nil && opts.Limits != (Limits{}) {
		router = newQueue(opts.Limits).inTurn(opts.classify, router, opts.Refused)
	}
	if opts.LimitClients && opts.Clients.Rate > 0 {
		router = newTurnstile(opts.Clients).rateLimited(opts.Class, router, opts.Refused)
	}
	router = opts.withClient(router)
	traced := serveTraced(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		serveRecorded(router, opts, w, r)
	}))
	bounded := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// MaxBytesReader gets the server's own writer, which it tells to close
		// the connection instead of reading the rest.
		r.Body = http.MaxBytesReader(w, r.Body, opts.maxBody(r))
		traced.ServeHTTP(w, r)
	})
	return wrapped{bounded, opts.Routers}
}

func (o Options) maxBody(r *http.Request) int64 {
	if o.MaxUpload == nil {
		return o.MaxBody
	}
	return max(o.MaxBody, o.MaxUpload(r))
}

// serveRecorded answers a request and tells log, metrics and trace about it.
func serveRecorded(router http.Handler, opts Options, w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	serverInFlight.Inc()
	defer serverInFlight.Dec()

	rec := &record{route: otherRoute}
	ctx := context.WithValue(requestContext(r, opts), recordKey{}, rec)
	w.Header().Set(requestid.Header, requestid.From(ctx))
	w.Header().Set("X-Content-Type-Options", "nosniff")
	answer := &responseRecorder{ResponseWriter: w}
	r = r.WithContext(ctx)
	path := loggedPath(r.URL.Path, opts.SecretPaths) // now, for handlers may shorten it
	defer func() {
		took, method := time.Since(start), boundedMethod(r.Method)
		describeSpan(ctx, method, rec.routeTemplate(), path)
		observeRequest(method, rec.routeTemplate(), answer.finalStatus(), took)
		logAccess(r, answer, rec, path, took)
	}()
	serveRecovered(router, opts.Panicked, answer, r)
}

func requestContext(r *http.Request, opts Options) context.Context {
	id := r.Header.Get(requestid.Header)
	if !saneRequestID.MatchString(id) {
		id = rand.Text()
	}
	ctx := requestid.With(r.Context(), id)
	if !opts.IgnoreCacheControl && strings.Contains(r.Header.Get("Cache-Control"), "no-cache") {
		ctx = fresh.With(ctx)
	}
	return ctx
}

var saneRequestID = regexp.MustCompile(`^[A-Za-z0-9._-]{8,64}$`)

// serveRecovered turns a panic into a logged 500. If the answer has begun, the
// connection is cut instead, so that nobody takes a half for the whole.
func serveRecovered(next, panicked http.Handler, w *responseRecorder, r *http.Request) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		if p == http.ErrAbortHandler {
			panic(p)
		}
		slog.ErrorContext(r.Context(), "handler panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()))
		if w.status != 0 {
			panic(http.ErrAbortHandler)
		}
		panicked.ServeHTTP(w, r)
	}()
	next.ServeHTTP(w, r)
}

func logAccess(r *http.Request, w *responseRecorder, rec *record, path string, took time.Duration) {
	attrs := []slog.Attr{
		slog.String("method", r.Method),
		slog.String("path", path),
		slog.Int("status", w.finalStatus()),
		slog.Int64("bytes", w.bytes),
		slog.Float64("duration_ms", float64(took.Microseconds())/1000),
	}
	slog.LogAttrs(r.Context(), slog.LevelInfo, "request", append(attrs, rec.all()...)...)
}

func loggedPath(path string, secret []string) string {
	for _, prefix := range secret {
		if rest, ok := strings.CutPrefix(path, prefix); ok && rest != "" {
			return prefix + "…"
		}
	}
	return path
}

// responseRecorder notes the status and size of an answer for the access log.
type responseRecorder struct {
	http.ResponseWriter
	status int // 0 until the header is written
	bytes  int64
}

func (w *responseRecorder) WriteHeader(status int) {
	if status >= 200 && w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

func (w *responseRecorder) Write(data []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	n, err := w.ResponseWriter.Write(data)
	w.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the server's writer.
func (w *responseRecorder) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *responseRecorder) finalStatus() int {
	if w.status == 0 {
		return http.StatusOK
	}
	return w.status
}
