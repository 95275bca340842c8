package main

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// result is a row of the table.
type result struct {
	Database string `json:"database"`
	Work     string `json:"work"`

	Rate float64 `json:"rate,omitempty"`           // per second
	P50  float64 `json:"p50_ms,omitempty"`         // of the shop's answers
	P99  float64 `json:"p99_ms,omitempty"`         //
	CPU  float64 `json:"cpu_us,omitempty"`         // that the four programs took for each answer
	Shed int     `json:"shed,omitempty"`           // answers that were 503
	Bare float64 `json:"yardstick_rate,omitempty"` // what the rate is compared with, per second

	Ratio  float64 `json:"ratio,omitempty"`
	Spread float64 `json:"spread,omitempty"` // of the ratio: the greatest less the least of the turns, in parts of it

	Value float64 `json:"value,omitempty"` // of rows that are no rate, in Unit
	Unit  string  `json:"unit,omitempty"`
	Note  string  `json:"note,omitempty"`

	Before string `json:"before,omitempty"`
	Must   string `json:"must,omitempty"`
	Met    *bool  `json:"met,omitempty"`
}

// measured returns the result of works that have no yardstick.
func measured(work string, t tally) result {
	return result{Work: work, Rate: t.rate(), Shed: t.shed, P50: milliseconds(t.percentile(0.5)), P99: milliseconds(t.percentile(0.99))}
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// ratios are those of the turns.
type ratios []float64

func (r ratios) median() float64 { return slices.Sorted(slices.Values(r))[len(r)/2] }

func (r ratios) spread() float64 { return (slices.Max(r) - slices.Min(r)) / r.median() }

// columns are what people see of a row.
func (r result) columns() []string {
	number := func(format string, n float64) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprintf(format, n)
	}
	got := number("%.0f/s", r.Rate)
	if r.Rate > 0 && r.Rate < 100 {
		got = fmt.Sprintf("%.1f/s", r.Rate)
	}
	if r.Unit != "" {
		got = fmt.Sprintf("%.3g %s", r.Value, r.Unit)
		if r.Value >= 100 {
			got = fmt.Sprintf("%.0f %s", r.Value, r.Unit)
		}
	}
	note := r.Note
	if r.Shed > 0 {
		note = strings.TrimSuffix(fmt.Sprintf("%d shed; %s", r.Shed, note), "; ")
	}
	spread := ""
	if r.Ratio > 0 && r.Spread > 0 {
		spread = fmt.Sprintf("±%.0f %%", r.Spread*50)
	}
	met := ""
	if r.Met != nil {
		met = map[bool]string{true: "yes", false: "NO"}[*r.Met]
	}
	return []string{r.Work, r.Database, got, number("%.1f ms", r.P50), number("%.1f ms", r.P99), number("%.0f µs", r.CPU),
		number("%.0f/s", r.Bare), number("%.2f", r.Ratio), spread, r.Before, r.Must, met, note}
}

var headings = []string{"work", "database", "measured", "p50", "p99", "CPU each", "yardstick", "ratio", "spread", "before", "must", "met", ""}
