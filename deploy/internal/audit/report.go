package audit

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// mostExamples bounds how many breaks of one promise are told.
const mostExamples = 20

// Report is what an audited run found. Times are milliseconds, from when each
// request was due.
type Report struct {
	Target     string      `json:"target"`
	Began      time.Time   `json:"began"`
	Seconds    float64     `json:"seconds"`
	Rate       float64     `json:"rate"` // visits a second that were to begin
	Verdict    string      `json:"verdict"`
	Reason     string      `json:"reason,omitempty"` // of a FAIL without a broken promise
	Visits     int         `json:"visits"`
	Accepted   int         `json:"orders_accepted"`
	Paid       int         `json:"orders_paid"`
	Refused    int         `json:"orders_refused"`
	Unanswered int         `json:"orders_unanswered"`
	PerSecond  float64     `json:"requests_per_second"`
	Promises   []Outcome   `json:"promises"`
	All        Operation   `json:"all_requests"`
	Operations []Operation `json:"operations"`
	Moments    []Moment    `json:"moments"`
}

// Verdicts.
const (
	Pass = "PASS"
	Fail = "FAIL"
)

// Outcome is what became of a promise. Examples are some of its breaks.
type Outcome struct {
	Promise  Promise  `json:"promise"`
	Checked  int      `json:"checked"`
	Broken   int      `json:"broken"`
	Examples []string `json:"examples,omitempty"`
}

// Operation is what became of the requests of one kind.
type Operation struct {
	Name     string  `json:"name"`
	Answered int     `json:"answered"`
	Refused  int     `json:"refused"`
	Failed   int     `json:"failed"`
	P50      float64 `json:"p50_ms"`
	P95      float64 `json:"p95_ms"`
	P99      float64 `json:"p99_ms"`
	P999     float64 `json:"p99_9_ms"`
	Max      float64 `json:"max_ms"`
}

// Moment is what became of the requests that ended within one part of the run.
type Moment struct {
	Second    float64 `json:"second"` // since the run began
	PerSecond float64 `json:"requests_per_second"`
	Failed    int     `json:"failed"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
}

func (r *run) report(took time.Duration, f *findings) *Report {
	l, m := r.ledger, r.meter
	report := &Report{
		Target: r.Target, Began: r.began.UTC().Truncate(time.Second), Seconds: took.Seconds(), Rate: r.Rate,
		Visits: m.visits, Accepted: len(l.orders), Paid: f.paid, Refused: l.refused, Unanswered: len(l.open),
		All: m.all.operation("all requests"), PerSecond: float64(m.all.times.TotalCount()) / took.Seconds(),
	}
	for _, name := range slices.Sorted(maps.Keys(m.operations)) {
		report.Operations = append(report.Operations, m.operations[name].operation(name))
	}
	for i, t := range m.moments {
		report.Moments = append(report.Moments, Moment{
			Second: (time.Duration(i) * m.width).Seconds(), PerSecond: float64(t.times.TotalCount()) / m.width.Seconds(),
			Failed: t.failed, P50: t.milliseconds(50), P99: t.milliseconds(99),
		})
	}
	for _, p := range promises {
		breaks := f.breaks[p]
		report.Promises = append(report.Promises, Outcome{p, f.checked[p], len(breaks), breaks[:min(len(breaks), mostExamples)]})
	}
	report.Verdict, report.Reason = r.verdict(f)
	return report
}

// verdict says whether the shop kept its promises, of which there must be some.
func (r *run) verdict(f *findings) (verdict, reason string) {
	switch {
	case f.broken() > 0:
		return Fail, ""
	case f.paid == 0:
		return Fail, "no order was paid: there is nothing to judge"
	case len(r.ledger.open) > 0:
		return Fail, fmt.Sprintf("%d orders were never answered", len(r.ledger.open))
	}
	return Pass, ""
}

func (t *tally) operation(name string) Operation {
	return Operation{
		name, t.answered, t.refused, t.failed,
		t.milliseconds(50), t.milliseconds(95), t.milliseconds(99), t.milliseconds(99.9), float64(t.times.Max()) / 1000,
	}
}

// Broken returns the promises that were broken.
func (r *Report) Broken() []Promise {
	var broken []Promise
	for _, o := range r.Promises {
		if o.Broken > 0 {
			broken = append(broken, o.Promise)
		}
	}
	return broken
}

// WriteJSON writes the report for programs.
func (r *Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// WriteText writes the report for a terminal.
func (r *Report) WriteText(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "%s  %s, %.0f s, %g visits a second\n", r.Verdict, r.Target, r.Seconds, r.Rate)
	if r.Reason != "" {
		fmt.Fprintln(table, r.Reason)
	}
	fmt.Fprintf(table, "\n%d visits, %d requests (%.1f a second)\n", r.Visits, r.All.Answered+r.All.Refused+r.All.Failed, r.PerSecond)
	fmt.Fprintf(table, "%d orders accepted, %d of them paid; %d refused; %d unanswered\n\n", r.Accepted, r.Paid, r.Refused, r.Unanswered)
	fmt.Fprintln(table, "checked\tbroken\t  promise")
	for _, o := range r.Promises {
		fmt.Fprintf(table, "%d\t%d\t  %s\n", o.Checked, o.Broken, o.Promise)
		for _, example := range o.Examples {
			fmt.Fprintf(table, "\t\t    %s\n", example)
		}
	}
	fmt.Fprintln(table, "\nanswered\trefused\tfailed\tp50\tp95\tp99\tp99.9\tmax ms\t  requests, timed from when each was due")
	for _, o := range append(r.Operations, r.All) {
		fmt.Fprintf(table, "%d\t%d\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t  %s\n", o.Answered, o.Refused, o.Failed, o.P50, o.P95, o.P99, o.P999, o.Max, o.Name)
	}
	return table.Flush()
}
