package telemetry

import (
	"log/slog"
	"sync"
	"time"
)

// exportErrors logs what OpenTelemetry complains about, now and then: with the
// collector away it complains every few seconds.
type exportErrors struct {
	mu   sync.Mutex
	next time.Time
}

// Handle implements otel.ErrorHandler.
func (e *exportErrors) Handle(err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	now := time.Now()
	if now.Before(e.next) {
		return
	}
	e.next = now.Add(exportErrorPause)
	slog.Warn("traces not sent", "error", err)
}
