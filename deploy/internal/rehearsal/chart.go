package rehearsal

import (
	"bytes"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"time"
)

//go:embed chart.svg.tmpl
var chartText string

var chartTemplate = template.Must(template.New("chart").Parse(chartText))

// Where the panels are, in pixels.
const (
	chartWidth   = 960.0
	plotLeft     = 60.0
	plotRight    = 820.0
	plotHeight   = 110.0
	firstPanel   = 110.0
	betweenPanel = 54.0
	tickMinutes  = 10
)

// panel is a curve over the day with an axis of its own.
type panel struct {
	Class, Title string
	Top, Bottom  float64
	Curve        string // points of a polyline
	Ticks        []mark
	Limits       []mark // of the template, dashed
}

// mark is a line across a panel, or a place on the axis of time.
type mark struct {
	At    float64
	Label string
}

// series is what a panel shows.
type series struct {
	class, title string
	values       []float64 // by sample
	steps        bool      // it keeps its value until it has another
	least        float64   // at which the axis ends at least
	limits       []limit
}

type limit struct {
	at    float64
	label string
}

// Chart draws the day as an SVG picture for light and dark pages.
func (d *Day) Chart() []byte {
	var panels []panel
	for i, s := range []series{d.sizes(), d.averages(), d.rates(), d.slowest()} {
		panels = append(panels, d.panel(s, firstPanel+float64(i)*(plotHeight+betweenPanel)))
	}
	bottom := panels[len(panels)-1].Bottom
	var b bytes.Buffer
	err := chartTemplate.Execute(&b, map[string]any{
		"Width": chartWidth, "Height": bottom + 60, "Left": plotLeft, "Right": plotRight, "Bottom": bottom,
		"Panels": panels, "Minutes": d.timeMarks(),
		"Factor": fmt.Sprintf("%.0f", d.Factor),
		"Second": fmt.Sprintf("%.1f", time.Minute.Seconds()/d.Factor),
	})
	if err != nil {
		panic(err) // the template and its data are both here
	}
	return b.Bytes()
}

func (d *Day) sizes() series {
	s := series{
		class: "size", title: "Instances that take requests", steps: true, least: float64(d.Rule.Max),
		limits: []limit{
			{float64(d.Rule.Max), fmt.Sprintf("at most %d", d.Rule.Max)},
			{float64(d.Rule.Min), fmt.Sprintf("at least %d", d.Rule.Min)},
		},
	}
	for _, sample := range d.Samples {
		s.values = append(s.values, float64(sample.Instances))
	}
	return s
}

func (d *Day) averages() series {
	rule := d.Rule
	s := series{
		class: "cpu", title: fmt.Sprintf("CPU, average of %v, %% of an instance", minutesOf(rule.Period)), least: 100,
		limits: []limit{
			{rule.OutCPU, fmt.Sprintf("%+d from %.0f %% on", rule.OutStep, rule.OutCPU)},
			{rule.InCPU, fmt.Sprintf("%+d below %.0f %%", rule.InStep, rule.InCPU)},
		},
	}
	for _, sample := range d.Samples {
		cpu, _ := AverageCPU(d.Samples, sample.At-rule.Period, sample.At)
		s.values = append(s.values, cpu)
	}
	return s
}

func (d *Day) rates() series {
	s := series{class: "rate", title: "Requests per second", least: 10}
	for _, sample := range d.Samples {
		s.values = append(s.values, sample.Rate)
	}
	return s
}

func (d *Day) slowest() series {
	s := series{
		class: "slow", title: fmt.Sprintf("99 of 100 requests of %v took at most, ms", minutesOf(d.Rule.Period)), least: 10,
	}
	for _, sample := range d.Samples {
		s.values = append(s.values, d.p99(sample.At-d.Rule.Period, sample.At).Seconds()*1000)
	}
	return s
}

// p99 returns how long all but the slowest hundredth of requests took.
func (d *Day) p99(from, to time.Duration) time.Duration {
	var took []time.Duration
	for _, s := range d.Samples {
		if s.At > from && s.At <= to {
			took = append(took, s.Took...)
		}
	}
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[(len(took)-1)*99/100]
}

func (d *Day) panel(s series, top float64) panel {
	p := panel{Class: s.class, Title: s.title, Top: top, Bottom: top + plotHeight}
	step := tickStep(max(slices.Max(s.values), s.least))
	end := step
	for end < max(slices.Max(s.values), s.least) {
		end += step
	}
	height := func(value float64) float64 { return p.Bottom - value/end*plotHeight }
	for value := 0.0; value <= end; value += step {
		p.Ticks = append(p.Ticks, mark{height(value), fmt.Sprintf("%.0f", value)})
	}
	for _, l := range s.limits {
		p.Limits = append(p.Limits, mark{height(l.at), l.label})
	}
	var curve []string
	for i, value := range s.values {
		if s.steps && i > 0 {
			curve = append(curve, fmt.Sprintf("%.1f,%.1f", d.across(d.Samples[i].At), height(s.values[i-1])))
		}
		curve = append(curve, fmt.Sprintf("%.1f,%.1f", d.across(d.Samples[i].At), height(value)))
	}
	p.Curve = strings.Join(curve, " ")
	return p
}

// across returns where a time is between left and right.
func (d *Day) across(at time.Duration) float64 {
	return plotLeft + (plotRight-plotLeft)*float64(at)/float64(d.lastLook())
}

func (d *Day) timeMarks() []mark {
	var marks []mark
	for m := 0; time.Duration(m)*time.Minute <= d.lastLook(); m += tickMinutes {
		marks = append(marks, mark{d.across(time.Duration(m) * time.Minute), fmt.Sprint(m)})
	}
	return marks
}

// tickStep returns a round number such that at most five of them reach most.
func tickStep(most float64) float64 {
	for power := 1.0; ; power *= 10 {
		for _, round := range []float64{1, 2, 5} {
			if step := round * power; most <= 5*step {
				return step
			}
		}
	}
}

func minutesOf(d time.Duration) string { return fmt.Sprintf("%.0f minutes", d.Minutes()) }
