package sqldbtest

import (
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

// CountReads returns how many queries outside transactions this process makes
// while do runs, on all databases.
func CountReads(t *testing.T, do func()) int {
	t.Helper()
	before := reads(t)
	do()
	return reads(t) - before
}

func reads(t *testing.T) int {
	t.Helper()
	families, err := prometheus.DefaultGatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, family := range families {
		if family.GetName() != "db_reads_total" {
			continue
		}
		for _, metric := range family.GetMetric() {
			sum += metric.GetCounter().GetValue()
		}
	}
	return int(sum)
}
