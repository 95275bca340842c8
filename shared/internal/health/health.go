// Package health keeps what a process last knew of the services and databases
// that it depends on, for its status page and its metrics.
package health

import (
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Dependency is what a process depends on, as it last knew it.
type Dependency struct {
	Name  string    `json:"name"`
	Up    bool      `json:"up"`
	Since time.Time `json:"since"`           // when it was first seen in this state
	Error string    `json:"error,omitempty"` // why it is not up
}

var (
	mu    sync.Mutex
	known = map[string]Dependency{}

	up = promauto.NewGaugeVec(prometheus.GaugeOpts{
		Name: "dependency_up",
		Help: "Whether a service or database was up when it was last seen (1) or not (0).",
	}, []string{"dependency"})
)

// Report notes that the dependency is up, or down because of err. Names are
// few and stable, in snake_case, for they label a metric.
func Report(name string, err error) {
	mu.Lock()
	defer mu.Unlock()
	d, seen := known[name]
	if isUp := err == nil; !seen || d.Up != isUp {
		d = Dependency{Name: name, Up: isUp, Since: time.Now().UTC()}
	}
	d.Error = ""
	up.WithLabelValues(name).Set(1)
	if err != nil {
		d.Error = err.Error()
		up.WithLabelValues(name).Set(0)
	}
	known[name] = d
}

// Dependencies returns all that was reported so far, by name.
func Dependencies() []Dependency {
	mu.Lock()
	defer mu.Unlock()
	all := make([]Dependency, 0, len(known))
	for _, d := range known {
		all = append(all, d)
	}
	slices.SortFunc(all, func(a, b Dependency) int { return strings.Compare(a.Name, b.Name) })
	return all
}
