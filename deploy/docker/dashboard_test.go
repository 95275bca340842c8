package docker

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var metricName = regexp.MustCompile(`\b(?:haproxy|http|db|dependency|process|go)_[a-z_]+[a-z]\b`)

// TestTheDashboardAsksForMetricsThatAreThere compares the dashboard with what
// HAProxy publishes and with the names in our own sources. The go_ and process_
// metrics are those of Prometheus' library.
func TestTheDashboardAsksForMetricsThatAreThere(t *testing.T) {
	t.Parallel()
	b := startBalancer(t)
	var published string
	eventually(t, "HAProxy publishes metrics", func() bool {
		published = b.status(t)
		return strings.Contains(published, "haproxy_backend_active_servers")
	})
	sources := sharedSources(t)
	for _, expression := range expressions(t) {
		for _, name := range metricName.FindAllString(expression, -1) {
			base := name
			for _, suffix := range []string{"_bucket", "_count", "_sum"} {
				base = strings.TrimSuffix(base, suffix)
			}
			switch {
			case strings.HasPrefix(name, "haproxy_"):
				if !strings.Contains(published, "# TYPE "+name+" ") {
					t.Errorf("HAProxy publishes no %s", name)
				}
			case strings.HasPrefix(name, "go_") || strings.HasPrefix(name, "process_"):
			case !strings.Contains(sources, `"`+base+`"`):
				t.Errorf("no program publishes %s", base)
			}
		}
	}
}

// expressions returns all queries of the dashboard.
func expressions(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("grafana/dashboards/bookstore.json")
	if err != nil {
		t.Fatal(err)
	}
	var dashboard struct {
		Panels []struct {
			ID      int
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal(data, &dashboard); err != nil {
		t.Fatal(err)
	}
	var all []string
	var ids []int
	for _, panel := range dashboard.Panels {
		if slices.Contains(ids, panel.ID) || panel.Title == "" {
			t.Errorf("panel %d has no title, or the number of another", panel.ID)
		}
		ids = append(ids, panel.ID)
		for _, target := range panel.Targets {
			all = append(all, target.Expr)
		}
	}
	if len(all) < 20 {
		t.Errorf("the dashboard has only %d queries", len(all))
	}
	return all
}

// sharedSources returns the text of all Go files of the module shared.
func sharedSources(t *testing.T) string {
	t.Helper()
	var text strings.Builder
	err := filepath.WalkDir("../../shared", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		data, err := os.ReadFile(path)
		text.Write(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return text.String()
}
