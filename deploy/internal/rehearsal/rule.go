// Package rehearsal plays what the CloudFormation template says about scaling
// with real instances under real load, in less time than it takes on AWS.
//
// It rehearses simple scaling as EC2 Auto Scaling documents it: two alarms look
// every minute at the group's average CPU over the periods that have just
// passed; a policy whose alarm rings changes the group by its adjustment, within
// its minimum and maximum; from the end of that change on, the cooldown lets no
// policy change it again; and new instances do not count in the average until
// they are warm.
package rehearsal

import (
	"time"

	"bookstore/deploy/aws"
)

// Sample is a minute in the life of the group. All times of this package but
// those of requests are the template's, counted from the beginning.
type Sample struct {
	At        time.Duration
	Instances int             // that take requests
	CPU       []float64       // of each warm instance since the sample before, in percent of its size
	Took      []time.Duration // the requests that were answered since the sample before
	Rate      float64         // of those requests, per second of the rehearsal
}

// Change is a change of the group's size.
type Change struct {
	From, To  int
	At        time.Duration
	Done      time.Duration // when the last instance had come or gone
	Completed bool
}

// Adjustment returns by how many instances the rule changes the group at the
// time of the last sample.
func Adjustment(rule aws.Scaling, samples []Sample, changes []Change) int {
	now, size := samples[len(samples)-1].At, rule.Desired
	if n := len(changes); n > 0 {
		last := changes[n-1]
		if !last.Completed || now < last.Done+rule.Cooldown {
			return 0
		}
		size = last.To
	}
	step := 0
	switch {
	case lasted(rule.Period, rule.OutPeriods, samples, func(cpu float64) bool { return cpu >= rule.OutCPU }):
		step = rule.OutStep
	case lasted(rule.Period, rule.InPeriods, samples, func(cpu float64) bool { return cpu < rule.InCPU }):
		step = rule.InStep
	}
	return min(max(size+step, rule.Min), rule.Max) - size
}

// lasted tells whether the average CPU was such in each of the last n periods.
func lasted(period time.Duration, n int, samples []Sample, such func(cpu float64) bool) bool {
	end := samples[len(samples)-1].At
	for range n {
		if end < period {
			return false
		}
		cpu, known := AverageCPU(samples, end-period, end)
		if !known || !such(cpu) {
			return false
		}
		end -= period
	}
	return true
}

// AverageCPU returns the mean of the group's data points after from, until to;
// false if there are none.
func AverageCPU(samples []Sample, from, to time.Duration) (percent float64, known bool) {
	sum, n := 0.0, 0
	for _, s := range samples {
		if s.At <= from || s.At > to {
			continue
		}
		for _, cpu := range s.CPU {
			sum += cpu
			n++
		}
	}
	if n == 0 {
		return 0, false
	}
	return sum / float64(n), true
}
