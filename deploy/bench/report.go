package main

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"text/tabwriter"
	"time"
)

// report is all that was measured, and where.
type report struct {
	Date     time.Time `json:"date"`
	Command  string    `json:"command"`
	Machine  string    `json:"machine"`
	Revision string    `json:"revision"`
	Books    int       `json:"books"`
	Results  []result  `json:"results"`
}

func newReport(ctx context.Context, o options) *report {
	return &report{Date: time.Now().UTC(), Command: o.command, Machine: machine(), Revision: revision(ctx), Books: o.books}
}

// machine tells in a line what the numbers depend on.
func machine() string {
	return fmt.Sprintf("%s, %d cores, %s of memory, %s/%s, %s", cmp.Or(lineOf("/proc/cpuinfo", "model name"), "unknown processor"),
		runtime.NumCPU(), cmp.Or(lineOf("/proc/meminfo", "MemTotal"), "unknown"), runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// lineOf returns what stands behind a name and a colon in a file.
func lineOf(file, name string) string {
	f, err := os.Open(file)
	if err != nil {
		return "" // not Linux
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if key, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(key) == name {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

func revision(ctx context.Context) string {
	said, err := exec.CommandContext(ctx, "git", "describe", "--always", "--dirty").Output()
	if err != nil {
		return "unknown" // sources without their history
	}
	return strings.TrimSpace(string(said))
}

// write prints the table and writes the files that o names.
func (r *report) write(w io.Writer, o options) error {
	if err := r.print(w); err != nil {
		return err
	}
	if o.json != "" {
		encoded, err := json.MarshalIndent(r, "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(o.json, append(encoded, '\n'), 0o644); err != nil {
			return err
		}
	}
	if o.svg != "" {
		if err := os.WriteFile(o.svg, []byte(r.chart()), 0o644); err != nil {
			return err
		}
	}
	if o.results == "" {
		return nil
	}
	before, err := os.ReadFile(o.results)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.WriteFile(o.results, []byte(r.into(string(before), o)), 0o644)
}

func (r *report) print(w io.Writer) error {
	fmt.Fprintf(w, "%d books; %s\n\n", r.Books, r.Machine)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, strings.Join(headings, "\t"))
	for _, row := range r.Results {
		fmt.Fprintln(table, strings.Join(row.columns(), "\t"))
	}
	return table.Flush()
}

// into returns a text of Markdown in which the section of the same databases
// and number of books is replaced, at its end if there was none.
func (r *report) into(text string, o options) string {
	name := fmt.Sprintf("%s, %d books", strings.Join(o.kinds, " and "), o.books)
	begin, end := "<!-- measured: "+name+" -->\n", "<!-- end -->\n"
	section := begin + r.markdown() + end
	from := strings.Index(text, begin)
	if from < 0 {
		return strings.TrimSuffix(text, "\n") + "\n\n" + section
	}
	rest := text[from:]
	to := strings.Index(rest, end)
	if to < 0 {
		return text[:from] + section
	}
	return text[:from] + section + rest[to+len(end):]
}

func (r *report) markdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, revision %s, on %s:\n\n    %s\n\n", r.Date.Format("2 January 2006, 15:04 UTC"), r.Revision, r.Machine, r.Command)
	fmt.Fprintf(&b, "| %s |\n|%s\n", strings.Join(headings, " | "), strings.Repeat(" --- |", len(headings)))
	for _, row := range r.Results {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row.columns(), " | "))
	}
	return b.String()
}
