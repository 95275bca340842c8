// Package scaling proves that the scaling of the CloudFormation template adds and
// removes frontends without a failed request.
package scaling

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"bookstore/deploy/aws"
	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/rehearsal"
	"bookstore/deploy/internal/shoptest"
)

// How long the rehearsal of scaling takes about, in place of the hour and a
// quarter that it would take on AWS, and where its chart goes:
//
//	go test ./deploy/e2e/scaling -v -scaling-run 10m -scaling-chart chart.svg -timeout 1h
var (
	scalingRun   = flag.Duration("scaling-run", 45*time.Second, "how long the rehearsal of scaling takes")
	scalingChart = flag.String("scaling-chart", "", "file for the chart of the rehearsal (SVG)")
)

const (
	scalingDay = 75 * time.Minute // about, in the template's time
	// instanceRate is how many pages a second keep an instance busy. It is so low
	// that all instances, and whatever else runs here, have room on two cores.
	instanceRate = 40.0
)

// scalingPhases are a day whose load rises to what takes about six instances,
// and falls. They keep so far from the thresholds that the day comes out alike
// on a slow or busy machine.
func scalingPhases(rule aws.Scaling) []rehearsal.Phase {
	calm := calmLoad(rule)
	return []rehearsal.Phase{
		{Load: calm, For: 8 * time.Minute},
		{Load: 1.5, For: 8 * time.Minute},
		{Load: 3, For: 14 * time.Minute},
		{Load: 0.1, For: 2 * time.Hour, Back: true},
		{Load: calm, For: 6 * time.Minute},
	}
}

// calmLoad keeps the desired number of instances as far from growing as from
// shrinking.
func calmLoad(rule aws.Scaling) float64 { return math.Sqrt(rule.InCPU / rule.OutCPU) }

// The rule of the CloudFormation template, applied to frontends under load.
func TestScalingFollowsTheLoadWithoutAFailedRequest(t *testing.T) {
	rule := templateScaling(t)
	s := shoptest.Open(t, cluster.Options{
		Frontends: rule.Desired, Standby: rule.Max - rule.Desired, Private: true,
		Env: []string{"LOG_LEVEL=warn", fmt.Sprint("DRAIN_DELAY=", shoptest.DrainDelay), "DRAIN_TIMEOUT=10s"},
	})
	f := newFleet(t, s, rule.Desired)
	log := &pages.Log{}
	day := &rehearsal.Day{
		Rule: rule, Phases: scalingPhases(rule), Fleet: f,
		Factor:   float64(scalingDay) / float64(*scalingRun),
		Capacity: instanceRate * float64(rule.Desired) * rule.OutCPU / 100,
		Traffic:  rehearsal.NewTraffic(newReaders(t, s, log).visit),
	}
	spend(t, day, f)
	log.Check(t)
	checkScaling(t, day)
	tellScaling(t, day, f, log)
	drawScaling(t, day)
}

// spend runs the day under its traffic, on instances whose size is known.
func spend(t *testing.T, day *rehearsal.Day, f *fleet) {
	t.Helper()
	ctx, closing := context.WithCancel(t.Context())
	var visiting sync.WaitGroup
	visiting.Go(func() { day.Traffic.Run(ctx) })
	f.calibrate(t, day)
	err := day.Run(t.Context())
	closing()
	visiting.Wait()
	if err != nil {
		t.Fatal(err)
	}
}

func templateScaling(t *testing.T) aws.Scaling {
	t.Helper()
	template, err := aws.Load()
	if err != nil {
		t.Fatal(err)
	}
	rule, err := template.Scaling()
	if err != nil {
		t.Fatal(err)
	}
	return rule
}

// checkScaling wants the group to have grown with the load and to have come
// back, by the template's steps and never sooner than it allows.
func checkScaling(t *testing.T, day *rehearsal.Day) {
	t.Helper()
	rule := day.Rule
	for _, s := range day.Samples {
		if s.Instances < rule.Min || s.Instances > rule.Max {
			t.Errorf("%d instances at %v, want %d to %d", s.Instances, s.At, rule.Min, rule.Max)
		}
	}
	for i, c := range day.Changes {
		if step := c.To - c.From; step != rule.OutStep && step != rule.InStep {
			t.Errorf("the group went from %d to %d at %v", c.From, c.To, c.At)
		}
		if i > 0 && c.At < day.Changes[i-1].Done+rule.Cooldown {
			t.Errorf("the group changed at %v, within the cooldown after %v", c.At, day.Changes[i-1].Done)
		}
	}
	fewer := func(a, b rehearsal.Sample) int { return a.Instances - b.Instances }
	peak := slices.MaxFunc(day.Samples, fewer)
	if first := day.Samples[0].Instances; first != rule.Desired || peak.Instances < rule.Desired+2 {
		t.Errorf("the group went from %d to %d instances, want from %d to at least %d", first, peak.Instances, rule.Desired, rule.Desired+2)
	}
	after := slices.DeleteFunc(slices.Clone(day.Samples), func(s rehearsal.Sample) bool { return s.At < peak.At })
	if back := slices.MinFunc(after, fewer); back.Instances > rule.Desired {
		t.Errorf("the group came back to %d instances, want %d", back.Instances, rule.Desired)
	}
}

func tellScaling(t *testing.T, day *rehearsal.Day, f *fleet, log *pages.Log) {
	t.Helper()
	path := fmt.Sprint(day.Rule.Desired)
	for _, c := range day.Changes {
		path += fmt.Sprintf(" → %d (%d min)", c.To, int(c.At.Minutes()))
	}
	shoptest.Table(t, fmt.Sprintf("The template's scaling, %.0f times as fast, on frontends behind HAProxy", day.Factor),
		"instances", path,
		"an instance's size, in cores", fmt.Sprintf("%.3f", f.size),
		"requests", log.Sent(),
		"p50, p99 of a request", fmt.Sprint(log.Percentile(50), ", ", log.Percentile(99)))
}

func drawScaling(t *testing.T, day *rehearsal.Day) {
	t.Helper()
	if *scalingChart == "" {
		return
	}
	if err := os.WriteFile(*scalingChart, day.Chart(), 0o644); err != nil {
		t.Error(err)
	}
}
