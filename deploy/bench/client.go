package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// browserEncodings are what a browser of today can read.
const browserEncodings = "gzip, deflate, br, zstd"

// patience is how long a client waits for an answer.
const patience = 30 * time.Second

// request is a request as it goes over the wire. Clients that did more for each
// would measure themselves.
type request []byte

// newRequest writes a request with headers, given as pairs.
func newRequest(method, path, body string, headers ...string) request {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s HTTP/1.1\r\nHost: localhost\r\n", method, path)
	for i := 0; i < len(headers); i += 2 {
		fmt.Fprintf(&b, "%s: %s\r\n", headers[i], headers[i+1])
	}
	if body != "" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n" + body)
	return request(b.String())
}

func get(path string, headers ...string) request { return newRequest("GET", path, "", headers...) }

// tally is what clients saw.
type tally struct {
	times []time.Duration // of the answers
	shed  int             // how many were refused with 503 instead
	took  time.Duration   // all of it
}

func (t *tally) add(other tally) {
	t.times = append(t.times, other.times...)
	t.shed += other.shed
	t.took += other.took
}

// rate is answers per second.
func (t *tally) rate() float64 {
	if t.took == 0 {
		return 0
	}
	return float64(len(t.times)) / t.took.Seconds()
}

// percentile returns the time that a part of the answers stayed within.
func (t *tally) percentile(part float64) time.Duration {
	if len(t.times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(t.times))
	return sorted[int(part*float64(len(sorted)-1))]
}

// atOnce lets so many people act at the same time, each until end, and returns
// what all of them saw.
func atOnce(ctx context.Context, people int, d time.Duration, act func(ctx context.Context, i int, end time.Time, seen *tally) error) (tally, error) {
	var mu sync.Mutex
	var all tally
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for i := range people {
		group.Go(func() error {
			var seen tally
			if err := act(ctx, i, began.Add(d), &seen); err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			all.add(seen)
			return nil
		})
	}
	err := group.Wait()
	all.took = time.Since(began)
	return all, err
}

// closedLoop lets clients ask one request after the other, each on a connection
// of its own, for as long as is said. A client that is refused comes back when
// the answer says.
func closedLoop(ctx context.Context, addr string, clients int, d time.Duration, next func(client int) request) (tally, error) {
	return atOnce(ctx, clients, d, func(ctx context.Context, i int, end time.Time, seen *tally) error {
		c := &client{addr: addr}
		defer c.close()
		for time.Now().Before(end) && ctx.Err() == nil {
			if err := c.measure(ctx, next(i), seen, end); err != nil {
				return err
			}
		}
		return nil
	})
}

// client asks over one connection.
type client struct {
	addr string
	conn net.Conn
	in   *bufio.Reader
}

func (c *client) measure(ctx context.Context, r request, t *tally, end time.Time) error {
	began := time.Now()
	resp, err := c.ask(r)
	switch {
	case err != nil:
		return err
	case resp.StatusCode == http.StatusServiceUnavailable:
		t.shed++
		pause(ctx, min(retryAfter(resp), time.Until(end)))
	case resp.StatusCode >= 300:
		return fmt.Errorf("%s was answered with %s", firstLine(r), resp.Status)
	default:
		t.times = append(t.times, time.Since(began))
	}
	return nil
}

// ask sends a request and reads the whole answer, but keeps no body.
func (c *client) ask(r request) (*http.Response, error) {
	if c.conn == nil {
		conn, err := net.Dial("tcp", c.addr)
		if err != nil {
			return nil, err
		}
		c.conn, c.in = conn, bufio.NewReaderSize(conn, 32<<10)
	}
	_ = c.conn.SetDeadline(time.Now().Add(patience)) // fails on closed connections only, as Write does then
	if _, err := c.conn.Write(r); err != nil {
		return nil, fmt.Errorf("%s: %w", firstLine(r), err)
	}
	resp, err := http.ReadResponse(c.in, nil)
	if err == nil {
		_, err = io.Copy(io.Discard, resp.Body)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", firstLine(r), err)
	}
	if resp.Close {
		c.close()
	}
	return resp, nil
}

func (c *client) close() {
	if c.conn != nil {
		_ = c.conn.Close() // nothing is on its way
		c.conn = nil
	}
}

func firstLine(r request) string {
	line, _, _ := strings.Cut(string(r), " HTTP/1.1")
	return line
}

// retryAfter returns when to come back, at some moment around what resp says.
func retryAfter(resp *http.Response) time.Duration {
	seconds, err := strconv.Atoi(resp.Header.Get("Retry-After"))
	if err != nil || seconds < 1 {
		seconds = 1
	}
	return time.Duration((0.5 + rand.Float64()) * float64(seconds) * float64(time.Second))
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// openLoop begins do so many times a second, whatever the others take, and
// counts each from when it was due.
func openLoop(ctx context.Context, perSecond int, d time.Duration, do func(ctx context.Context, i int) error) (tally, error) {
	var mu sync.Mutex
	var all tally
	began := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	for i := range int(float64(perSecond) * d.Seconds()) {
		due := began.Add(time.Duration(i) * time.Second / time.Duration(perSecond))
		pause(ctx, time.Until(due))
		group.Go(func() error {
			err := do(ctx, i)
			mu.Lock()
			defer mu.Unlock()
			if errors.Is(err, errShed) {
				all.shed++
				return nil
			}
			all.times = append(all.times, time.Since(due))
			return err
		})
	}
	err := group.Wait()
	all.took = time.Since(began)
	return all, err
}

// errShed says that a request was refused because there are too many.
var errShed = errors.New("refused, there is too much to do")
