package main

import (
	"fmt"
	"slices"
	"strings"
)

// target is what a row must reach.
type target struct {
	before string // what was measured before any of it was built
	must   string
	met    func(r result) bool
}

func atLeast(ratio float64) (string, func(result) bool) {
	return fmt.Sprintf("≥ %.2g", ratio), func(r result) bool { return r.Ratio >= ratio }
}

func atMost(ratio float64) (string, func(result) bool) {
	return fmt.Sprintf("≤ %.2g ×", ratio), func(r result) bool { return r.Ratio <= ratio }
}

func p99Below(ms float64) (string, func(result) bool) {
	return fmt.Sprintf("p99 < %.0f ms", ms), func(r result) bool { return r.P99 < ms }
}

func below(value float64, unit string) (string, func(result) bool) {
	return fmt.Sprintf("≤ %.0f %s", value, unit), func(r result) bool { return r.Value <= value }
}

func must(before, text string, met func(result) bool) target { return target{before, text, met} }

func mustBe(before string) func(text string, met func(result) bool) target {
	return func(text string, met func(result) bool) target { return must(before, text, met) }
}

// targets are by the names of the rows.
var targets = map[string]target{
	"catalogue, guest":     mustBe("0.10")(atLeast(0.5)),
	"search, guest":        mustBe("0.09")(atLeast(0.5)),
	"home, guest":          mustBe("0.11")(atLeast(0.5)),
	"book, guest":          mustBe("0.18")(atLeast(0.5)),
	"catalogue, signed in": mustBe("0.035–0.045")(atLeast(0.33)),
	"search, signed in":    mustBe("0.035–0.045")(atLeast(0.33)),
	"home, signed in":      mustBe("0.035–0.045")(atLeast(0.33)),
	"book, signed in":      mustBe("0.035–0.045")(atLeast(0.33)),

	"JSON, list of 24": mustBe("0.31–0.34")(atLeast(0.8)),
	"JSON, one book":   mustBe("0.58")(atLeast(0.8)),

	"login, 1 at once":  mustBe("0.80–0.96")(atLeast(0.9)),
	"login, 8 at once":  mustBe("0.80–0.96")(atLeast(0.9)),
	"login, 64 at once": mustBe("0.80–0.96")(atLeast(0.9)),

	"checkout, 8 buyers":                   must("51/s, 40/s", "≥ 200/s, ≥ 0.5", func(r result) bool { return r.Rate >= 200 && r.Ratio >= 0.5 }),
	"checkout, 200 buyers beside 8":        mustBe("0.82")(atLeast(0.8)),
	"statements on the order's own tables": mustBe("121 in all")(below(40, "each")),
	"commits of the order's own tables":    mustBe("17 in all")(below(7, "each")),

	"newest":               mustBe("1.0 ×")(atMost(1.5)),
	"deep page":            mustBe("1.0 ×")(atMost(1.5)),
	"category":             mustBe("1.0 ×")(atMost(1.5)),
	"book":                 mustBe("1.0 ×")(atMost(1.5)),
	"language, condition":  mustBe("15 ×")(atMost(1.5)),
	"price range by title": mustBe("107 ×")(atMost(1.5)),
	"category counts":      mustBe("259 ×")(atMost(1.5)),

	"search: the":                        mustBe("1.9–3.1 s")(p99Below(100)),
	"search: the by price":               mustBe("0.7–2.7 s")(p99Below(100)),
	"search: two letters":                mustBe("0.84 s")(p99Below(100)),
	"search: four letters":               mustBe("57–118 ms")(p99Below(100)),
	"search: exact title":                mustBe("79–1,048 ms")(p99Below(100)),
	"search: rare word":                  mustBe("1.2 ms")(p99Below(100)),
	"200 searches/s beside 75 updates/s": mustBe("")(p99Below(50)),

	"1,000 connections beside 8":      mustBe("p99 1.4 s")(atLeast(0.8)),
	"frontend, 1,000 connections":     mustBe("162 MB")(below(192, "MB")),
	"first visit of /, bytes":         mustBe("59.8 KB")(below(60, "KB")),
	"first visit of /, requests":      mustBe("18")(below(15, "requests")),
	"first visit of /books, bytes":    mustBe("75.7 KB")(below(60, "KB")),
	"first visit of /books, requests": mustBe("30")(below(15, "requests")),

	"authsvc at rest":        mustBe("27–43 MB")(below(64, "MB")),
	"catalogsvc at rest":     mustBe("27–43 MB")(below(64, "MB")),
	"shopsvc at rest":        mustBe("27–43 MB")(below(64, "MB")),
	"frontend at rest":       mustBe("27–43 MB")(below(64, "MB")),
	"catalogsvc, all books":  mustBe("")(below(450, "MB")),
	"catalogsvc, index made": {before: "37–50 s of CPU"},
	"authsvc, program":       {before: "35–50 MB"},
	"catalogsvc, program":    {before: "35–50 MB"},
	"shopsvc, program":       {before: "35–50 MB"},
	"frontend, program":      {before: "35–50 MB"},
}

// million is how many books some targets are about.
const million = 1_000_000

// isOfMillion reports whether a row's target, and what was before, are about a
// million books: fewer prove nothing.
func isOfMillion(work string) bool {
	return strings.HasPrefix(work, "search: ") || slices.Contains([]string{
		"newest", "deep page", "category", "book", "language, condition", "price range by title", "category counts",
		"200 searches/s beside 75 updates/s", "catalogsvc, all books", "catalogsvc, index made",
	}, work)
}

// judged returns r, of a shop with so many books, with what it must reach.
func judged(r result, books int) result {
	t, ok := targets[r.Work]
	if !ok || isOfMillion(r.Work) && books < million {
		return r
	}
	r.Before, r.Must = t.before, t.must
	if t.met != nil {
		met := t.met(r)
		r.Met = &met
	}
	return r
}
