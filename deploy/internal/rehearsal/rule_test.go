package rehearsal

import (
	"testing"
	"time"

	"bookstore/deploy/aws"
)

var rule = aws.Scaling{
	Min: 1, Max: 4, Desired: 2,
	OutCPU: 50, InCPU: 25, OutStep: 1, InStep: -1,
	Period: 5 * time.Minute, OutPeriods: 1, InPeriods: 2,
	Cooldown: 5 * time.Minute, Warmup: 3 * time.Minute,
}

// minutes makes a sample of two instances for each minute from the first on.
func minutes(cpu ...float64) []Sample {
	var samples []Sample
	for i, c := range cpu {
		samples = append(samples, Sample{At: time.Duration(i+1) * time.Minute, Instances: 2, CPU: []float64{c - 10, c + 10}})
	}
	return samples
}

func constant(cpu float64, n int) []float64 {
	all := make([]float64, n)
	for i := range all {
		all[i] = cpu
	}
	return all
}

func TestTheRuleFollowsTheAverageOfThePeriods(t *testing.T) {
	for name, test := range map[string]struct {
		cpu  []float64
		want int
	}{
		"busy, but not for a whole period yet":   {constant(90, 4), 0},
		"busy for a period":                      {constant(90, 5), +1},
		"exactly at the threshold":               {constant(50, 5), +1},
		"a peak that the period averages out":    {[]float64{30, 30, 30, 30, 100}, 0},
		"a peak that lifts the average":          {[]float64{30, 30, 30, 70, 100}, +1},
		"neither busy nor idle":                  {constant(35, 60), 0},
		"idle for one period of two":             {constant(5, 9), 0},
		"idle for two periods":                   {constant(5, 10), -1},
		"exactly at the lower threshold":         {constant(25, 10), 0},
		"idle, after a period that was not":      {append(constant(30, 5), constant(5, 5)...), 0},
		"busy long ago":                          {append(constant(90, 5), constant(35, 5)...), 0},
		"idle now, and long ago was busy enough": {append(constant(90, 5), constant(5, 10)...), -1},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Adjustment(rule, minutes(test.cpu...), nil); got != test.want {
				t.Errorf("got %+d, want %+d", got, test.want)
			}
		})
	}
}

func TestTheRuleKeepsWithinTheGroupsBoundsAndItsCooldown(t *testing.T) {
	busy, idle := minutes(constant(90, 30)...), minutes(constant(5, 30)...)
	change := func(to int, done time.Duration) []Change {
		return []Change{{To: to, At: done - time.Minute, Done: done, Completed: true}}
	}
	for name, test := range map[string]struct {
		samples []Sample
		changes []Change
		want    int
	}{
		"busy":                               {busy, change(3, 10*time.Minute), +1},
		"busy, at the maximum":               {busy, change(4, 10*time.Minute), 0},
		"idle":                               {idle, change(3, 10*time.Minute), -1},
		"idle, at the minimum":               {idle, change(1, 10*time.Minute), 0},
		"within the cooldown":                {busy, change(3, 26*time.Minute), 0},
		"at the end of the cooldown":         {busy, change(3, 25*time.Minute), +1},
		"idle, in the cooldown of growing":   {idle, change(3, 26*time.Minute), 0},
		"an instance is still on its way":    {busy, []Change{{From: 2, To: 3, At: time.Minute}}, 0},
		"an instance has not drained so far": {idle, []Change{{From: 3, To: 2, At: time.Minute}}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Adjustment(rule, test.samples, test.changes); got != test.want {
				t.Errorf("got %+d, want %+d", got, test.want)
			}
		})
	}
}

func TestAGroupWithoutDataStaysAsItIs(t *testing.T) {
	samples := minutes(constant(5, 10)...)
	for i := range samples {
		samples[i].CPU = nil
	}
	if got := Adjustment(rule, samples, nil); got != 0 {
		t.Errorf("got %+d, want no change", got)
	}
}
