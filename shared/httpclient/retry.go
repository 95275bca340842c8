package httpclient

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/internal/health"

	"github.com/failsafe-go/failsafe-go"
	"github.com/failsafe-go/failsafe-go/budget"
	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/failsafe-go/failsafe-go/retrypolicy"
)

const (
	breakerWindow = 10 * time.Second
	breakerCalls  = 10 // fewer calls within the window never open the circuit
	breakerPause  = time.Second
)

// errAbandoned marks tries that ended because nobody waits for them any more.
// They say nothing about the service.
var errAbandoned = errors.New("abandoned")

// tryError describes a failed try; parent is the context of the whole call.
func tryError(parent context.Context, err error) error {
	if errors.Is(parent.Err(), context.Canceled) {
		return fmt.Errorf("%w: %w", errAbandoned, err)
	}
	return err
}

// executor returns the policies for a call of this method.
func (c *Client) executor(ctx context.Context, method string) failsafe.Executor[*http.Response] {
	if isIdempotent(ctx, method) {
		return c.repeatable.WithContext(ctx)
	}
	return c.once.WithContext(ctx)
}

// executors returns the policies for calls that may be repeated and for calls
// that may not, except while nothing of them was sent. Both share the circuit
// breaker and the budget of repetitions: at most a fifth of the calls under way.
func executors(service string) (repeatable, once failsafe.Executor[*http.Response]) {
	breaker := newBreaker(service)
	repetitions := budget.New()
	retry := func(when func(*http.Response, error) bool) retrypolicy.RetryPolicy[*http.Response] {
		return retrypolicy.NewBuilder[*http.Response]().
			HandleIf(when).
			AbortOnErrors(circuitbreaker.ErrOpen, errAbandoned).
			WithMaxRetries(2).
			WithBackoff(50*time.Millisecond, 400*time.Millisecond).
			WithJitterFactor(0.5).
			WithBudget(repetitions).
			OnRetry(func(failsafe.ExecutionEvent[*http.Response]) { clientRetries.WithLabelValues(service).Inc() }).
			ReturnLastFailure().
			Build()
	}
	return failsafe.With[*http.Response](retry(failedOnTheWay), breaker),
		failsafe.With[*http.Response](retry(neverSent), breaker)
}

func newBreaker(service string) circuitbreaker.CircuitBreaker[*http.Response] {
	health.Report(service, nil)
	breakerState.WithLabelValues(service).Set(0)
	return circuitbreaker.NewBuilder[*http.Response]().
		HandleIf(serviceFailed).
		WithFailureRateThreshold(0.5, breakerCalls, breakerWindow).
		WithSuccessThreshold(1).
		WithDelay(breakerPause).
		WithJitterFactor(0.2).
		OnStateChanged(func(e circuitbreaker.StateChangedEvent) {
			slog.Warn("circuit breaker changed", "calls_to", service, "from", e.OldState.String(), "to", e.NewState.String())
			reportBreaker(service, e.NewState)
		}).
		Build()
}

var errBreakerOpen = errors.New("most calls failed lately")

// reportBreaker tells metrics and status page. A service whose breaker is
// half-open is still down: it has to prove itself.
func reportBreaker(service string, state circuitbreaker.State) {
	switch state {
	case circuitbreaker.ClosedState:
		health.Report(service, nil)
		breakerState.WithLabelValues(service).Set(0)
	case circuitbreaker.HalfOpenState:
		breakerState.WithLabelValues(service).Set(1)
	case circuitbreaker.OpenState:
		health.Report(service, errBreakerOpen)
		breakerState.WithLabelValues(service).Set(2)
	}
}

// failedOnTheWay reports whether a repetition may help.
func failedOnTheWay(resp *http.Response, err error) bool {
	if err != nil {
		return true
	}
	switch resp.StatusCode {
	case http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return !asksForPatience(resp)
	}
	return false
}

// neverSent reports whether a try failed before anything was sent.
func neverSent(_ *http.Response, err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "dial"
}

// serviceFailed reports whether a try counts against the service. A problem
// document does not: a service that explains itself is alive, and what it says
// about one path is not true of all.
func serviceFailed(resp *http.Response, err error) bool {
	if err != nil {
		return !errors.Is(err, errAbandoned)
	}
	return resp.StatusCode >= 500 && resp.Header.Get("Content-Type") != apierr.ContentType
}

// asksForPatience reports whether resp says that a service behind it is away, of
// which whoever called that one has made sure, or that there is more to do than
// can be done, of which repetitions would make more.
func asksForPatience(resp *http.Response) bool {
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return false
	}
	resp.Body = io.NopCloser(bytes.NewReader(data))
	e, ok := problemIn(resp, data)
	return ok && (e.Params["service"] != nil || e.Code == apierr.CodeOverloaded)
}
