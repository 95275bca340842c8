package browser

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// axe-core 4.14.1 (npm package axe-core, dist file axe.min.js; MPL 2.0, see
// axe.LICENSE), compressed.
//
//go:embed axe.min.js.gz
var axeCompressed []byte

var axeScript = sync.OnceValue(func() string {
	r, err := gzip.NewReader(bytes.NewReader(axeCompressed))
	if err != nil {
		panic(err)
	}
	script, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return string(script)
})

// Violation is a rule of accessibility that the page breaks.
type Violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// String tells what is wrong and where.
func (v Violation) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", v.ID, v.Help)
	for _, n := range v.Nodes {
		fmt.Fprintf(&b, "\n    %s\n      %s", n.HTML, strings.ReplaceAll(n.Summary, "\n", "\n      "))
	}
	return b.String()
}

// CheckAccessibility fails the test for each rule of axe-core that the page
// breaks, in light and in dark colours. It leaves the colours light. The
// visitor must allow scripts.
func (v *Visitor) CheckAccessibility() {
	v.t.Helper()
	for _, violation := range v.AccessibilityViolations() {
		v.t.Errorf("%s: %s", v.Path(), violation)
	}
}

// AccessibilityViolations returns what CheckAccessibility complains about.
func (v *Visitor) AccessibilityViolations() []Violation {
	v.t.Helper()
	var all []Violation
	for _, dark := range []bool{true, false} {
		v.Colours(dark)
		violations, err := v.axe()
		if err != nil {
			v.t.Fatalf("run axe on %s: %v", v.Path(), err)
		}
		all = append(all, violations...)
	}
	return all
}

func (v *Visitor) axe() ([]Violation, error) {
	ctx, cancel := context.WithTimeout(v.ctx, 2*patience)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](axeScript())); err != nil {
		return nil, err
	}
	const run = `axe.run(document, {resultTypes: ['violations']}).then(r => r.violations)`
	return chromedp.Run(ctx, chromedp.Evaluate[[]Violation](run, func(p *runtime.EvaluateParams) {
		chromedp.EvalAwaitPromise(p)
	}))
}
