//go:build faults

package httpserver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"sync/atomic"
	"time"
)

// Faults say how a process fails on purpose. Builds with the tag faults, which
// are for tests, take them as JSON at PUT /faults of the private listener, and
// tell them at GET /faults. The zero value is a process that works.
type Faults struct {
	LatencyMS int64   `json:"latency_ms"` // milliseconds that each answer is held back, at most ten minutes
	Errors    float64 `json:"errors"`     // the share of requests, 0 to 1, that are answered with 500 and nothing else
	Down      bool    `json:"down"`       // connections end without an answer
}

const maxFaultLatency = 10 * time.Minute

// check returns an error that names the field at fault and what it may be.
func (f Faults) check() error {
	switch {
	case f.LatencyMS < 0 || f.LatencyMS > maxFaultLatency.Milliseconds():
		return fmt.Errorf("latency_ms must be 0 to %d, not %d", maxFaultLatency.Milliseconds(), f.LatencyMS)
	case !(f.Errors >= 0 && f.Errors <= 1): // not a number is none of these either
		return fmt.Errorf("errors must be 0 to 1, not %v", f.Errors)
	}
	return nil
}

// faultSwitches hold the faults of a process.
type faultSwitches struct{ now atomic.Pointer[Faults] }

func (s *faultSwitches) faults() Faults {
	if f := s.now.Load(); f != nil {
		return *f
	}
	return Faults{}
}

// around lets all of a process's public answers fail as they are told to, but
// the one to /livez: the process itself is well.
func (s *faultSwitches) around(public http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f := s.faults()
		switch {
		case r.URL.Path == "/livez":
		case f.Down:
			panic(http.ErrAbortHandler)
		case !heldBack(r, time.Duration(f.LatencyMS)*time.Millisecond):
			return
		case rand.Float64() < f.Errors:
			http.Error(w, "failing on purpose", http.StatusInternalServerError)
			return
		}
		public.ServeHTTP(w, r)
	})
}

// heldBack waits, and reports false if the caller leaves meanwhile.
func heldBack(r *http.Request, latency time.Duration) bool {
	if latency == 0 {
		return true
	}
	select {
	case <-r.Context().Done():
		return false
	case <-time.After(latency):
		return true
	}
}

func (s *faultSwitches) register(private *http.ServeMux) {
	private.HandleFunc("GET /faults", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(s.faults()) // fails only when the caller has gone
	})
	private.HandleFunc("PUT /faults", func(w http.ResponseWriter, r *http.Request) {
		f, err := readFaults(http.MaxBytesReader(w, r.Body, 1<<10))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		s.now.Store(&f)
		slog.WarnContext(r.Context(), "failing on purpose", "latency_ms", f.LatencyMS, "errors", f.Errors, "down", f.Down)
		w.WriteHeader(http.StatusNoContent)
	})
}

func readFaults(body io.Reader) (Faults, error) {
	var f Faults
	decoder := json.NewDecoder(body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return Faults{}, fmt.Errorf("want JSON such as {\"latency_ms\": 2000, \"errors\": 0.5, \"down\": false}: %w", err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return Faults{}, errors.New("want one JSON object and nothing after it")
	}
	if err := f.check(); err != nil {
		return Faults{}, err
	}
	return f, nil
}
