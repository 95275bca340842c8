package verify

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// kept is how many violations of a rule are told one by one.
const kept = 20

// Report is what a check found.
type Report struct {
	Results []Result // in the order of the rules
}

// Result is what became of one rule.
type Result struct {
	Rule       string
	Things     string // what was counted, in the plural
	Counted    int64
	Violations int64
	Examples   []string // the first violations, each naming its row
}

func (r *Result) add(violation string) {
	r.Violations++
	if len(r.Examples) < kept {
		r.Examples = append(r.Examples, violation)
	}
}

func (r *Result) addf(format string, args ...any) { r.add(fmt.Sprintf(format, args...)) }

// OK reports whether no rule is violated.
func (r Report) OK() bool { return r.Violations() == 0 }

// Violations returns how many violations there are of all rules.
func (r Report) Violations() int64 {
	var n int64
	for _, result := range r.Results {
		n += result.Violations
	}
	return n
}

// Print writes the rules as a table, then the violations of each.
func (r Report) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RULE\tCOUNTED\tRESULT")
	for _, result := range r.Results {
		fmt.Fprintf(table, "%s\t%d %s\t%s\n", result.Rule, result.Counted, result.Things, result.verdict())
	}
	if err := table.Flush(); err != nil {
		return err
	}
	for _, result := range r.Results {
		if err := result.printExamples(w); err != nil {
			return err
		}
	}
	return nil
}

// String returns what Print writes.
func (r Report) String() string {
	var text strings.Builder
	_ = r.Print(&text) // a Builder takes everything
	return text.String()
}

func (r Result) verdict() string {
	switch r.Violations {
	case 0:
		return "ok"
	case 1:
		return "1 VIOLATION"
	}
	return fmt.Sprintf("%d VIOLATIONS", r.Violations)
}

func (r Result) printExamples(w io.Writer) error {
	if r.Violations == 0 {
		return nil
	}
	if _, err := fmt.Fprintf(w, "\n%s:\n", r.Rule); err != nil {
		return err
	}
	for _, example := range r.Examples {
		if _, err := fmt.Fprintf(w, "  %s\n", example); err != nil {
			return err
		}
	}
	if left := r.Violations - int64(len(r.Examples)); left > 0 {
		_, err := fmt.Fprintf(w, "  … and %d more\n", left)
		return err
	}
	return nil
}
