package telemetry

import (
	"encoding/json"
	"net/http"
	"time"

	"bookstore/shared/internal/build"
	"bookstore/shared/internal/health"
)

// status is the answer of the status page.
type status struct {
	Service       string              `json:"service"`
	Build         build.Info          `json:"build"`
	Started       time.Time           `json:"started"`
	UptimeSeconds int64               `json:"uptime_seconds"`
	Dependencies  []health.Dependency `json:"dependencies"`
}

// Status answers, as JSON, which build runs since when, and what it last knew
// of the databases and services it depends on, for httpserver.Config.Status.
// It asks none of them, and its answer is always 200.
func (t *Telemetry) Status() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Cache-Control", "no-store")
		encoder := json.NewEncoder(w)
		encoder.SetIndent("", "  ")
		// A write fails only when the caller has gone.
		_ = encoder.Encode(status{
			Service:       t.service,
			Build:         build.Current(),
			Started:       t.started,
			UptimeSeconds: int64(time.Since(t.started).Seconds()),
			Dependencies:  health.Dependencies(),
		})
	})
}
