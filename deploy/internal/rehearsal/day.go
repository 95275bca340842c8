package rehearsal

import (
	"context"
	"time"

	"bookstore/deploy/aws"
)

// Fleet is the instances of a group.
type Fleet interface {
	// Usage returns the CPU of each instance that takes requests, by its name, in
	// percent of its size since the last call. One that can't be asked is left out.
	Usage(ctx context.Context) map[string]float64
	// Add starts an instance and returns when it takes requests.
	Add(ctx context.Context) error
	// Remove lets an instance finish what it does and returns when it is gone.
	Remove(ctx context.Context) error
}

// Phase is a time of the day.
type Phase struct {
	Load float64 // as a multiple of what lets the desired number of instances grow
	For  time.Duration
	Back bool // it ends as soon as the group is back at its desired number
}

// Day is a group's day under rising and falling load.
type Day struct {
	Rule     aws.Scaling
	Phases   []Phase
	Factor   float64 // how many times as fast as on AWS
	Capacity float64 // visits per second that let the desired number of instances grow
	Fleet    Fleet
	Traffic  *Traffic

	Samples []Sample // one a minute
	Changes []Change

	start   time.Time
	ended   chan end
	warmAt  map[string]time.Duration // by instance
	minutes int
}

type end struct {
	at  time.Duration
	err error
}

// Run spends the day. It returns when the last change has ended, and the first
// error of the fleet.
func (d *Day) Run(ctx context.Context) error {
	d.start, d.ended = time.Now(), make(chan end, 1)
	d.Traffic.Answered() // those of before are not of this day
	for _, phase := range d.Phases {
		d.Traffic.SetRate(phase.Load * d.Capacity)
		until := d.now() + phase.For
		for d.now() < until && !(phase.Back && d.isBack()) {
			if err := d.minute(ctx); err != nil {
				return err
			}
		}
	}
	if d.changing() {
		return d.complete(<-d.ended)
	}
	return nil
}

// now returns the template's time.
func (d *Day) now() time.Duration {
	return time.Duration(float64(time.Since(d.start)) * d.Factor)
}

// minute waits for the next minute, looks at the group and lets the rule decide.
func (d *Day) minute(ctx context.Context) error {
	d.minutes = max(d.minutes+1, int(d.now()/time.Minute))
	wait := time.Duration(float64(time.Duration(d.minutes)*time.Minute-d.now()) / d.Factor)
	select {
	case <-time.After(wait):
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case e := <-d.ended:
		if err := d.complete(e); err != nil {
			return err
		}
	default:
	}
	d.look(ctx)
	if n := Adjustment(d.Rule, d.Samples, d.Changes); n != 0 {
		d.change(ctx, n)
	}
	return nil
}

func (d *Day) look(ctx context.Context) {
	s := Sample{At: d.now(), Instances: d.instances(), CPU: d.warmCPU(ctx), Took: d.Traffic.Answered()}
	s.Rate = float64(len(s.Took)) / (s.At - d.lastLook()).Seconds() * d.Factor
	d.Samples = append(d.Samples, s)
}

func (d *Day) lastLook() time.Duration {
	if len(d.Samples) == 0 {
		return 0
	}
	return d.Samples[len(d.Samples)-1].At
}

// warmCPU returns the data points of instances that are warm. Those of the
// beginning are.
func (d *Day) warmCPU(ctx context.Context) (warm []float64) {
	first, before := d.warmAt == nil, d.warmAt
	d.warmAt = map[string]time.Duration{}
	for name, cpu := range d.Fleet.Usage(ctx) {
		at, known := before[name]
		if !known && !first {
			at = d.now() + d.Rule.Warmup
		}
		d.warmAt[name] = at
		if at <= d.now() {
			warm = append(warm, cpu)
		}
	}
	return warm
}

// change begins to change the group.
func (d *Day) change(ctx context.Context, n int) {
	from := d.instances()
	d.Changes = append(d.Changes, Change{From: from, To: from + n, At: d.lastLook()})
	do := d.Fleet.Add
	if n < 0 {
		n, do = -n, d.Fleet.Remove
	}
	go func() {
		var err error
		for range n {
			if err = do(ctx); err != nil {
				break
			}
		}
		d.ended <- end{d.now(), err}
	}()
}

// complete notes that the last change has ended.
func (d *Day) complete(e end) error {
	last := &d.Changes[len(d.Changes)-1]
	last.Done, last.Completed = e.at, true
	return e.err
}

func (d *Day) changing() bool {
	n := len(d.Changes)
	return n > 0 && !d.Changes[n-1].Completed
}

// instances returns how many take requests: one that leaves does so no longer,
// one that comes not yet.
func (d *Day) instances() int {
	if len(d.Changes) == 0 {
		return d.Rule.Desired
	}
	last := d.Changes[len(d.Changes)-1]
	if !last.Completed && last.To > last.From {
		return last.From
	}
	return last.To
}

func (d *Day) isBack() bool { return !d.changing() && d.instances() <= d.Rule.Desired }
