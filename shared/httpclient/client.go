// Package httpclient is how one of our processes calls another: with deadlines,
// bounded repetitions and a circuit breaker, and with errors that tell what the
// service said on purpose from what failed on the way.
package httpclient

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/internal/client"
	"bookstore/shared/internal/requestid"
	"bookstore/shared/internal/urgency"
	"bookstore/shared/servicekey"

	"github.com/failsafe-go/failsafe-go"
)

const (
	// maxAnswer bounds the body that a client reads into memory, in bytes.
	maxAnswer      = 4 << 20
	defaultTimeout = 5 * time.Second
	// streamTimeout bounds a call of DoRaw, whose bodies may be large.
	streamTimeout = 60 * time.Second
)

// Config says which service a Client calls, and how.
type Config struct {
	Name       string        // of the service, for errors and logs: "catalogsvc"
	BaseURL    string        // such as http://127.0.0.1:8082
	ServiceKey string        // the first of these keys is sent as Service-Key, unless there is none
	Timeout    time.Duration // of a whole call with its repetitions; 0 means 5 s
}

// Client calls one service. It carries the context's request id, bearer token,
// urgency, client's address, wish for fresh reads and further headers along; repeats idempotent calls
// that failed on the way, a bounded number of times; and stops calling for a
// moment when most calls fail. It is safe for concurrent use.
type Client struct {
	cfg        Config
	http       *http.Client
	repeatable failsafe.Executor[*http.Response]
	once       failsafe.Executor[*http.Response]
}

// New returns a client for the service at cfg.BaseURL.
func New(cfg Config) *Client {
	cfg.BaseURL = strings.TrimSuffix(cfg.BaseURL, "/")
	cfg.ServiceKey = servicekey.Sent(cfg.ServiceKey)
	if cfg.Timeout == 0 {
		cfg.Timeout = defaultTimeout
	}
	repeatable, once := executors(cfg.Name)
	return &Client{
		cfg: cfg,
		http: &http.Client{
			Transport:     newTracedTransport(cfg.Name, newTransport()),
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		repeatable: repeatable,
		once:       once,
	}
}

func newTransport() *http.Transport {
	return &http.Transport{
		DialContext:           (&net.Dialer{Timeout: 2 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		MaxIdleConns:          256,
		MaxIdleConnsPerHost:   128,
		IdleConnTimeout:       60 * time.Second, // below the server's, which must not hang up first
		TLSHandshakeTimeout:   3 * time.Second,
		ExpectContinueTimeout: time.Second,
		ForceAttemptHTTP2:     true,
	}
}

// Do sends in as JSON (nothing if it is nil) and decodes the answer into out
// (dropping it if that is nil). An error that the service sent on purpose is
// returned as the *apierr.Error it is; every other failure wraps one of kind
// Unavailable that names the service.
func (c *Client) Do(ctx context.Context, method, path string, in, out any) (err error) {
	defer c.observeCall(ctx, method, time.Now(), &err)
	var body []byte
	if in != nil {
		if body, err = json.Marshal(in); err != nil {
			return fmt.Errorf("encode the request to %s: %w", c.cfg.Name, err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, c.cfg.Timeout)
	defer cancel()
	resp, err := c.executor(ctx, method).Get(func() (*http.Response, error) {
		return c.tryJSON(ctx, method, path, body)
	})
	if err != nil {
		return c.unavailable(method, err)
	}
	return c.decode(method, resp, out)
}

// TryTimeout returns how long one try of a call that may be repeated takes at
// most: half of the call's time, so that an instance that hangs leaves some for
// another.
func TryTimeout(call time.Duration) time.Duration { return call / 2 }

// tryJSON makes one try and reads its answer whole.
func (c *Client) tryJSON(ctx context.Context, method, path string, body []byte) (*http.Response, error) {
	parent := ctx
	if isIdempotent(ctx, method) {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, TryTimeout(c.cfg.Timeout))
		defer cancel()
	}
	req, err := c.newRequest(ctx, method, path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.http.Do(req)
	if err == nil {
		err = buffer(resp)
	}
	if err != nil {
		return nil, tryError(parent, err)
	}
	return resp, nil
}

// DoRaw sends body as it is (nothing if it is nil) and returns the answer as
// it comes, for whatever is not JSON: covers, uploads, exports. The caller
// closes its body. Statuses other than 2xx and 304 are errors, as with Do. A
// call with a body is never repeated.
func (c *Client) DoRaw(ctx context.Context, method, path, contentType string, body io.Reader) (resp *http.Response, err error) {
	defer c.observeCall(ctx, method, time.Now(), &err)
	ctx, cancel := context.WithTimeout(ctx, streamTimeout)
	executor := c.executor(ctx, method)
	if body != nil {
		executor = c.once.WithContext(ctx)
	}
	resp, err = executor.Get(func() (*http.Response, error) {
		return c.tryRaw(ctx, method, path, contentType, body)
	})
	if err == nil && !isSuccess(resp.StatusCode) && resp.StatusCode != http.StatusNotModified {
		err = c.decode(method, resp, nil)
	} else if err != nil {
		err = c.unavailable(method, err)
	}
	if err != nil {
		cancel()
		return nil, err
	}
	resp.Body = &cancelBody{resp.Body, cancel}
	return resp, nil
}

func (c *Client) tryRaw(ctx context.Context, method, path, contentType string, body io.Reader) (*http.Response, error) {
	req, err := c.newRequest(ctx, method, path, body)
	if err != nil {
		return nil, err
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(req)
	if err == nil && !isSuccess(resp.StatusCode) {
		err = buffer(resp)
	}
	if err != nil {
		return nil, tryError(ctx, err)
	}
	return resp, nil
}

func (c *Client) newRequest(ctx context.Context, method, path string, body io.Reader) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.cfg.BaseURL+path, body)
	if err != nil {
		return nil, fmt.Errorf("make the request: %w", err)
	}
	for key, values := range extraHeaders(ctx) {
		req.Header[key] = values
	}
	set := func(key, value string) {
		if value != "" {
			req.Header.Set(key, value)
		}
	}
	set(requestid.Header, requestid.From(ctx))
	set(servicekey.Header, c.cfg.ServiceKey)
	set(urgency.Header, urgency.From(ctx).Value())
	if addr := client.From(ctx); addr.IsValid() && c.cfg.ServiceKey != "" {
		set(client.Header, addr.String())
	}
	if token := bearer(ctx); token != "" {
		set("Authorization", "Bearer "+token)
	}
	if IsFresh(ctx) {
		set("Cache-Control", "no-cache")
	}
	return req, nil
}

// decode reads an answer that has arrived whole.
func (c *Client) decode(method string, resp *http.Response, out any) error {
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return c.unavailable(method, err)
	}
	if !isSuccess(resp.StatusCode) {
		return c.answeredError(method, resp, data)
	}
	if out == nil || resp.StatusCode == http.StatusNoContent {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return c.unavailable(method, fmt.Errorf("answered %d with something unreadable: %w", resp.StatusCode, err))
	}
	return nil
}

// answeredError trusts problem documents below 500 only, and of the others
// "unavailable": a 401 or 404 of some proxy must not be taken for the service's.
func (c *Client) answeredError(method string, resp *http.Response, data []byte) error {
	e, ok := problemIn(resp, data)
	switch {
	case !ok:
		return c.unavailable(method, fmt.Errorf("answered %d", resp.StatusCode))
	case e.Kind == apierr.KindUnavailable && e.Params["service"] == nil:
		return &callError{e.With("service", c.cfg.Name), c.cfg.Name, method, errors.New("answered that it is unavailable")}
	case e.Kind == apierr.KindInternal:
		return c.unavailable(method, fmt.Errorf("answered %d: %w", resp.StatusCode, errors.New(e.Error())))
	}
	return e
}

// problemIn returns the problem document that resp carries, if it is one. The
// status line counts, not what the document says about it.
func problemIn(resp *http.Response, data []byte) (*apierr.Error, bool) {
	mediaType, _, err := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	if err != nil || mediaType != apierr.ContentType {
		return nil, false
	}
	var e apierr.Error
	if err := json.Unmarshal(data, &e); err != nil {
		return nil, false
	}
	e.Kind = apierr.KindOf(resp.StatusCode)
	return &e, true
}

// Call is Do for a call that is answered with a T.
func Call[T any](ctx context.Context, c *Client, method, path string, in any) (T, error) {
	var out T
	err := c.Do(ctx, method, path, in, &out)
	return out, err
}

func (c *Client) unavailable(method string, cause error) error {
	return &callError{apierr.Unavailable(c.cfg.Name), c.cfg.Name, method, cause}
}

// wireError is an embeddable name: a field called Error would hide the method.
type wireError = apierr.Error

// callError is a call that failed on the way. Callers see the apierr.Error,
// the log sees the cause.
type callError struct {
	*wireError
	service, method string
	cause           error
}

func (e *callError) Error() string {
	// Neither path nor query: they may hold a secret, and url.Error's text does.
	cause := e.cause
	if u := (*url.Error)(nil); errors.As(cause, &u) {
		cause = u.Err
	}
	return fmt.Sprintf("call %s (%s): %v", e.service, e.method, cause)
}

func (e *callError) Unwrap() []error { return []error{e.wireError, e.cause} }

// buffer reads resp's body into memory, so that its connection is free again.
func buffer(resp *http.Response) error {
	defer resp.Body.Close()
	data, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err != nil {
		return err
	}
	if len(data) > maxAnswer {
		return fmt.Errorf("answered more than %d bytes", maxAnswer)
	}
	resp.Body = io.NopCloser(bytes.NewReader(data))
	return nil
}

func isSuccess(status int) bool { return status >= 200 && status < 300 }

// cancelBody ends the call's deadline with its answer.
type cancelBody struct {
	io.ReadCloser
	cancel context.CancelFunc
}

func (b *cancelBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}
