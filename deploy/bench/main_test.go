package main

import (
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The numbers of so short a run say nothing, but all that a long one does is
// done, and the books of its shops balance.
func TestAShortRunFillsTheWholeTableOnBothDatabases(t *testing.T) {
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	o, err := parse([]string{"-books", "1100", "-buyers", "8", "-turns", "1", "-slice", "100ms",
		"-json", file("all.json"), "-svg", file("chart.svg"), "-results", file("RESULTS.md")}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	o.logins = o.logins[:2] // a crowd takes seconds, however short a turn is
	if err := run(t.Context(), io.Discard, o); err != nil {
		t.Fatal(err)
	}
	var got report
	if err := json.Unmarshal([]byte(contents(t, file("all.json"))), &got); err != nil {
		t.Fatal(err)
	}
	found := map[string]result{}
	for _, r := range got.Results {
		found[r.Work+" on "+r.Database] = r
	}
	for work, target := range targets {
		for _, database := range []string{"SQLite", "MariaDB"} {
			onLog := strings.Contains(work, "own tables") // which SQLite does not have
			if onLog && database == "SQLite" || work == "checkout, 200 buyers beside 8" || work == "login, 64 at once" {
				continue
			}
			r := found[work+" on "+database]
			hasRatio := strings.HasPrefix(target.must, "≥ 0") || strings.HasSuffix(target.must, "×") || strings.HasPrefix(target.must, "≥ 200")
			if r.Rate <= 0 && r.Value <= 0 || hasRatio && r.Ratio <= 0 {
				t.Errorf("%s on %s: %+v", work, database, r)
			}
		}
	}
	for _, name := range []string{"chart.svg", "RESULTS.md"} {
		for _, want := range []string{"home, signed in", "MariaDB", "≥ 0.33"} {
			if !strings.Contains(contents(t, file(name)), want) {
				t.Errorf("%s has no %q", name, want)
			}
		}
	}
}

func TestATableIsReplacedByThatOfTheSameDatabasesAndBooks(t *testing.T) {
	text := "# Results\n\nWords.\n"
	write := func(books int, note string) {
		r := &report{Books: books, Results: []result{{Work: "newest", Rate: 1, Note: note}}}
		text = r.into(text, options{kinds: []string{"sqlite"}, books: books})
	}
	write(1000, "first")
	write(2000, "other")
	write(1000, "second")
	for part, want := range map[string]int{"Words.": 1, "first": 0, "other": 1, "second": 1, "<!-- end -->": 2} {
		if got := strings.Count(text, part); got != want {
			t.Errorf("%q is there %d times, want %d, in\n%s", part, got, want, text)
		}
	}
}

func TestStatementsBelongToTheTableTheyName(t *testing.T) {
	c := counter{counts: map[string]count{}, open: map[int64]*transaction{}}
	for _, statement := range []string{
		"START TRANSACTION", "SELECT id FROM orders WHERE id = ?", "UPDATE orders SET state = ?", "INSERT INTO outbox (id) VALUES (?)", "COMMIT",
		"UPDATE `carts` SET version = ?", "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
		"BEGIN", "DELETE FROM sandbox_charges", "ROLLBACK",
		"BEGIN", "SELECT 1 FROM payments", "COMMIT",
	} {
		c.add("shopsvc", 1, statement)
	}
	c.add("catalogsvc", 2, "INSERT INTO orders_of_somebody_else VALUES (1)")
	want := map[string]count{"order": {3, 1}, "mails": {1, 0}, "cart": {1, 1}, "sandbox": {1, 0}, "catalogsvc": {1, 1}}
	for owner, n := range want {
		if c.counts[owner] != n {
			t.Errorf("%s: counted %+v, want %+v", owner, c.counts[owner], n)
		}
	}
	if len(c.counts) != len(want) {
		t.Errorf("counted %v", c.counts)
	}
}

func TestEveryCommitIsCountedOnce(t *testing.T) {
	for kind, shares := range map[string][]int64{"sqlite": {3, 2}, "mysql": {5}} {
		t.Run(kind, func(t *testing.T) {
			const rounds = 40
			p, err := openPlace(t.Context(), kind, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			counted := p.bare
			if kind == "sqlite" { // there the shop's files are counted
				counted = []string{p.shop["catalogsvc"], p.shop["shopsvc"]}
			}
			b, err := openBare(t.Context(), counted)
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			b.shares = shares
			before := commitsOf(t.Context(), t, p)
			for range rounds {
				if err := b.round(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			got := commitsOf(t.Context(), t, p)
			for i := range got {
				// The server may commit statistics of its own.
				made, want := got[i]-before[i], shares[i]*rounds
				if made < want || made > want+2 {
					t.Errorf("%s: counted %d commits, want %d", counted[i], made, want)
				}
			}
		})
	}
}

func commitsOf(ctx context.Context, t *testing.T, p *place) []int64 {
	t.Helper()
	n, err := p.commits(ctx)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func contents(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
