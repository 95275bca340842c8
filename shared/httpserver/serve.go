// Package httpserver is how our processes serve HTTP: listening, health and
// draining; request ids, log, metrics, trace, recovery and limits around every
// handler; errors as problem documents (RFC 9457).
package httpserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"sync/atomic"
	"syscall"
	"time"

	"bookstore/shared/internal/build"
)

// Config says where a process listens and how it stops. The tags name the
// settings, as caarlos0/env reads them.
type Config struct {
	Addr         string        `env:"ADDR"`                           // host:port of the public listener
	PrivateAddr  string        `env:"PRIVATE_ADDR"`                   // host:port for metrics, profiles, status and routes; empty: none
	DrainDelay   time.Duration `env:"DRAIN_DELAY" envDefault:"0s"`    // how long to go on after /readyz has turned 503
	DrainTimeout time.Duration `env:"DRAIN_TIMEOUT" envDefault:"20s"` // how long requests under way may take after that
	Limits       Limits        // MAX_ACTIVE, MAX_QUEUED and QUEUE_WAIT, for Wrap
	Clients      Clients       // TRUSTED_PROXIES, CLIENT_RATE and UNLIMITED_NETWORKS, for Wrap
	Metrics      http.Handler  `env:"-"` // answers /metrics on the private listener; nil: none
	Status       http.Handler  `env:"-"` // answers /status on the private listener; nil: none
	Ready        func() bool   `env:"-"` // until it reports true, /readyz answers 503; nil: it is ready
}

// Serve listens and serves until ctx ends; then it drains: /readyz answers 503
// at once, requests are served for another DrainDelay, then the listener
// closes and requests under way get DrainTimeout to finish. /livez, /readyz and
// /version are answered before handler, and without its log. Requests are served
// before cfg.Ready reports true as well, for whoever does not ask /readyz.
//
// It returns nil after a complete drain, and an error if it can't listen or if
// requests had to be cut off.
func Serve(ctx context.Context, cfg Config, handler http.Handler) error {
	public, err := listen(cfg.Addr)
	if err != nil {
		return err
	}
	if cfg.PrivateAddr == "" {
		return serve(ctx, cfg, public, nil, handler)
	}
	private, err := listen(cfg.PrivateAddr)
	if err != nil {
		public.Close()
		return err
	}
	return serve(ctx, cfg, public, private, handler)
}

func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err == nil {
		return l, nil
	}
	// The system's own words say it all; net's repeat the address and the call.
	if errno := syscall.Errno(0); errors.As(err, &errno) {
		err = errno
	}
	return nil, fmt.Errorf("listen on %s: %w", addr, err)
}

func serve(ctx context.Context, cfg Config, public, private net.Listener, handler http.Handler) error {
	var draining atomic.Bool
	var faults faultSwitches
	srv := &http.Server{
		Handler:           faults.around(withHealth(&draining, cfg.Ready, handler)),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      60 * time.Second,
		IdleTimeout:       120 * time.Second,
		ErrorLog:          slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 2)
	go func() { failed <- srv.Serve(public) }()
	slog.Info("serving", "addr", public.Addr().String())
	if private != nil {
		side := newPrivateServer(cfg, &faults, handler)
		defer side.Close()
		go func() { failed <- side.Serve(private) }()
		slog.Info("serving privately", "addr", private.Addr().String())
	}

	select {
	case err := <-failed:
		srv.Close()
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	draining.Store(true)
	slog.Info("draining", "delay", cfg.DrainDelay, "timeout", cfg.DrainTimeout)
	return drain(srv, cfg, failed)
}

func drain(srv *http.Server, cfg Config, failed <-chan error) error {
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-time.After(cfg.DrainDelay):
	}
	ctx, cancel := context.WithTimeout(context.Background(), cfg.DrainTimeout)
	defer cancel()
	if err := srv.Shutdown(ctx); err != nil {
		srv.Close()
		return fmt.Errorf("drain: cut off requests under way: %w", err)
	}
	slog.Info("drained")
	return nil
}

// withHealth answers the load balancer's questions. While draining it also
// asks callers to come back on a new connection, which another instance gets.
func withHealth(draining *atomic.Bool, ready func() bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if draining.Load() {
			w.Header().Set("Connection", "close")
		}
		switch {
		case r.URL.Path == "/readyz" && draining.Load():
			http.Error(w, "draining", http.StatusServiceUnavailable)
		case r.URL.Path == "/readyz" && ready != nil && !ready():
			http.Error(w, "starting", http.StatusServiceUnavailable)
		case r.URL.Path == "/livez", r.URL.Path == "/readyz":
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, "ok\n")
		case r.URL.Path == "/version":
			serveVersion(w)
		default:
			next.ServeHTTP(w, r)
		}
	})
}

func serveVersion(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store") // the next answer may be another release's
	// A write fails only when the caller has gone.
	_ = json.NewEncoder(w).Encode(build.Current())
}

func newPrivateServer(cfg Config, faults *faultSwitches, public http.Handler) *http.Server {
	mux := http.NewServeMux()
	faults.register(mux)
	if cfg.Metrics != nil {
		mux.Handle("/metrics", cfg.Metrics)
	}
	if cfg.Status != nil {
		mux.Handle("/status", cfg.Status)
	}
	if h, ok := public.(wrapped); ok {
		mux.HandleFunc("/routes", h.serveRoutes)
	}
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
}
