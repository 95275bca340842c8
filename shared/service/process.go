// Package service is what our programs have in common: how they start, read
// their settings, serve, work in the background and end.
package service

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"

	"bookstore/shared/authapi"
	"bookstore/shared/httpserver"
	"bookstore/shared/telemetry"
	"bookstore/shared/token"

	"github.com/caarlos0/env/v11"
)

// revocationInterval is how often a program asks which sessions have ended.
const revocationInterval = 3 * time.Second

// headroom is how many bytes of garbage may gather beside as many as are in
// use, before they are collected. Our programs live in some 20 MB, which the
// collector by itself would clear for every 20 MB that requests leave behind.
const headroom = 20 << 20

// Main calls run with a context that ends when the program is told to stop
// (SIGINT, SIGTERM), and with the environment. An error of run is printed, and
// the program exits with 1.
func Main(name string, run func(ctx context.Context, environ map[string]string) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, env.ToMap(os.Environ()))
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
		os.Exit(1)
	}
}

// Process is a program that runs.
type Process struct {
	settings  Settings
	telemetry *telemetry.Telemetry
	// serving ends with the signal to stop, background when the time to drain
	// after that is over, or with Close.
	serving, background context.Context
	stop, end           context.CancelFunc

	ready func() bool

	// headroom counts as memory in use, and so lets the collector wait, but takes
	// none: what nobody ever writes to, the system does not provide.
	headroom []byte
}

// Start makes the log the process's own and begins what shows people its
// inside. It is to be closed as the last of all.
func Start(ctx context.Context, name string, settings Settings) (*Process, error) {
	slog.SetDefault(httpserver.NewLogger(os.Stderr, name, settings.LogLevel))
	shown, err := telemetry.Start(ctx, name)
	if err != nil {
		return nil, err
	}
	p := &Process{settings: settings, telemetry: shown, headroom: make([]byte, headroom)}
	p.serving, p.stop = context.WithCancel(ctx)
	p.background, p.end = context.WithCancel(context.WithoutCancel(ctx))
	context.AfterFunc(p.serving, func() { time.AfterFunc(settings.drainTime(), p.end) })
	return p, nil
}

// Close ends what goes on in the background and sends the last traces.
func (p *Process) Close() {
	p.stop()
	p.end()
	p.telemetry.Shutdown()
	runtime.KeepAlive(p.headroom)
}

// Background returns a context for what must go on while requests are drained.
// It outlives the signal to stop by DRAIN_DELAY and DRAIN_TIMEOUT at most, and
// ends with Close at the latest.
func (p *Process) Background() context.Context { return p.background }

// FollowTokens returns what judges access tokens: a verifier that follows the
// keys of authsvc at authURL, and the sessions that have ended, for which it
// asks auth. Both go on while requests are drained.
func (p *Process) FollowTokens(authURL string, auth *authapi.Client) (*token.Verifier, *token.Revocations, error) {
	keySet := strings.TrimSuffix(authURL, "/") + "/.well-known/jwks.json"
	verifier, err := token.NewVerifier(p.background, keySet, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		return nil, nil, err
	}
	revoked := func(ctx context.Context) ([]string, error) {
		list, err := auth.Revocations(ctx)
		if err != nil {
			return nil, err
		}
		return list.SessionIDs, nil
	}
	return verifier, token.NewRevocations(p.background, revoked, revocationInterval), nil
}

// ReadyWhen has /readyz answer 503 until ready reports true. It is to be called
// before Serve.
func (p *Process) ReadyWhen(ready func() bool) { p.ready = ready }

// Serve answers requests with handler and runs loops until the process is told
// to stop; then the loops begin nothing more, and requests are drained (see
// httpserver.Serve). It returns when all of this is over, or when the time to
// drain is.
func (p *Process) Serve(handler http.Handler, loops ...Loop) error {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		RunLoops(p.serving, loops...)
	}()
	server := p.settings.Server
	server.Metrics, server.Status = p.telemetry.Handler(), p.telemetry.Status()
	server.Ready = p.ready
	err := httpserver.Serve(p.serving, server, handler)
	p.stop() // if it could not serve
	select {
	case <-ended:
	case <-p.background.Done():
		slog.Warn("background work cut off")
	}
	return err
}
