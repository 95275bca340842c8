package audit

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"
)

//go:embed report.html.tmpl
var pageText string

var pageTemplate = template.Must(template.New("report").Funcs(template.FuncMap{
	"ms": func(v float64) string { return fmt.Sprintf("%.0f", v) },
}).Parse(pageText))

// WriteHTML writes the report as a page that needs nothing but itself.
func (r *Report) WriteHTML(w io.Writer) error {
	requests := newChart("Requests a second", r.Moments,
		series{"all", func(m Moment) float64 { return m.PerSecond }}, series{"failed", r.failedPerSecond()})
	times := newChart("Milliseconds, from when a request was due", r.Moments,
		series{"median", func(m Moment) float64 { return m.P50 }}, series{"99 of 100 within", func(m Moment) float64 { return m.P99 }})
	return pageTemplate.Execute(w, struct {
		*Report
		Charts []chart
	}{r, []chart{requests, times}})
}

func (r *Report) failedPerSecond() func(Moment) float64 {
	width := 1.0
	if len(r.Moments) > 1 {
		width = r.Moments[1].Second
	}
	return func(m Moment) float64 { return float64(m.Failed) / width }
}

// The drawing's measures, in its own units.
const (
	chartWidth  = 640
	chartHeight = 180
)

// chart is lines over the time of a run.
type chart struct {
	Title         string
	Width, Height int
	Lines         []line
	Levels        []level // of the vertical scale
	Seconds       string  // at the right end
}

// series is a name and where its values are.
type series struct {
	name  string
	value func(Moment) float64
}

type line struct{ Name, Points string }

type level struct {
	Y     float64
	Label string
}

func newChart(title string, moments []Moment, all ...series) chart {
	c := chart{Title: title, Width: chartWidth, Height: chartHeight}
	most := 1.0
	for _, m := range moments {
		c.Seconds = fmt.Sprintf("%.0f s", m.Second)
		for _, s := range all {
			most = max(most, s.value(m))
		}
	}
	top := roundUp(most)
	for i := range 5 {
		share := float64(i) / 4
		c.Levels = append(c.Levels, level{chartHeight * (1 - share), fmt.Sprintf("%g", top*share)})
	}
	for _, s := range all {
		var points strings.Builder
		for i, m := range moments {
			x := float64(chartWidth) * float64(i) / float64(max(1, len(moments)-1))
			fmt.Fprintf(&points, "%.1f,%.1f ", x, chartHeight*(1-s.value(m)/top))
		}
		c.Lines = append(c.Lines, line{s.name, strings.TrimSpace(points.String())})
	}
	return c
}

// roundUp returns the next of 1, 2, 4, 8, 10, 20, 40 … that is not below v.
func roundUp(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, n := range []float64{1, 2, 4, 8} {
		if v <= n*unit {
			return n * unit
		}
	}
	return 10 * unit
}
