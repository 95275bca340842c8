package main

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"
)

// The numbers of so short a run say little, but all that a long one does is
// done, and the books of its shop balance.
func TestAShortRunMeasuresBothDatabases(t *testing.T) {
	var out strings.Builder
	o := options{databases: []string{"sqlite", "mariadb"}, buyers: 4, sellers: 2, time: 3 * time.Second}
	if err := run(t.Context(), &out, o); err != nil {
		t.Fatal(err)
	}
	t.Log(out.String())
	for _, database := range []string{"SQLite", "MariaDB"} {
		row := regexp.MustCompile(database + `.* ([1-9]\d*) .* \d+\.\d\d`)
		if !row.MatchString(out.String()) {
			t.Errorf("no numbers of %s in\n%s", database, out.String())
		}
	}
}

func TestEveryCommitIsCountedOnce(t *testing.T) {
	for kind, shares := range map[string][]int64{"sqlite": {3, 2}, "mariadb": {5}} {
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
				if n, err := b.round(t.Context()); n != 5 || err != nil {
					t.Fatalf("a round made %d commits, %v", n, err)
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
