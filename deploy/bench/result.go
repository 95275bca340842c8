package main

import (
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
	"time"
)

// result is what was measured on one database.
type result struct {
	database string // with what makes its commits durable

	checkouts []time.Duration // each from the cart to the captured payment
	took      time.Duration   // all of them, several at once
	commits   int64           // that the databases counted meanwhile, those of mails and workers among them

	bareCommits int64 // of the database alone
	bareTook    time.Duration
}

func perSecond(n int64, took time.Duration) float64 { return float64(n) / took.Seconds() }

// rate is checkouts per second.
func (r result) rate() float64 { return perSecond(int64(len(r.checkouts)), r.took) }

// commitsEach is how many commits a checkout costs.
func (r result) commitsEach() float64 { return float64(r.commits) / float64(len(r.checkouts)) }

// bareRate is how often per second the database alone does as many commits as
// a checkout costs.
func (r result) bareRate() float64 { return perSecond(r.bareCommits, r.bareTook) / r.commitsEach() }

// percentile returns the time that a part of all checkouts stayed within.
func (r result) percentile(part float64) time.Duration {
	sorted := slices.Sorted(slices.Values(r.checkouts))
	return sorted[int(part*float64(len(sorted)-1))].Round(time.Millisecond)
}

func printResults(w io.Writer, o options, results []result) error {
	fmt.Fprintf(w, "%d buyers at once; each checkout buys a book of each of %d sellers: cart, order, reserve, authorise, commit, capture.\n", o.buyers, o.sellers)
	fmt.Fprint(w, "Alone: the database in the same run, as many clients, a commit for each commit of a checkout, of one row.\n\n")
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "database\tcheckouts\tper second\tp50\tp99\tcommits each\talone: commits per second\tas checkouts\tratio\t")
	for _, r := range results {
		fmt.Fprintf(table, "%s\t%d\t%.1f\t%v\t%v\t%.1f\t%.0f\t%.1f\t%.2f\t\n", r.database, len(r.checkouts), r.rate(),
			r.percentile(0.5), r.percentile(0.99), r.commitsEach(), perSecond(r.bareCommits, r.bareTook), r.bareRate(), r.rate()/r.bareRate())
	}
	return table.Flush()
}
