package rehearsal

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// paperFleet shares the traffic's load among instances that take a minute of
// the day to come and two to go.
type paperFleet struct {
	day    *Day
	minute time.Duration
	broken error

	mu    sync.Mutex
	names []string
	born  int
}

func newPaperFleet(day *Day) *paperFleet {
	f := &paperFleet{day: day, minute: time.Duration(float64(time.Minute) / day.Factor)}
	for range day.Rule.Desired {
		f.bear()
	}
	return f
}

func (f *paperFleet) bear() {
	f.born++
	f.names = append(f.names, fmt.Sprint(f.born))
}

func (f *paperFleet) Usage(context.Context) map[string]float64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	load := 1 / f.day.Traffic.interval().Seconds() / f.day.Capacity
	usage := map[string]float64{}
	for _, name := range f.names {
		usage[name] = load * f.day.Rule.OutCPU * float64(f.day.Rule.Desired) / float64(len(f.names))
	}
	return usage
}

func (f *paperFleet) Add(context.Context) error {
	time.Sleep(f.minute)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.bear()
	return f.broken
}

func (f *paperFleet) Remove(context.Context) error {
	f.mu.Lock()
	f.names = f.names[1:]
	f.mu.Unlock()
	time.Sleep(2 * f.minute)
	return f.broken
}

// paperDay rises to three times what two instances bear, and falls.
func paperDay() *Day {
	d := &Day{
		Rule: rule, Factor: 60, Capacity: 10, Traffic: NewTraffic(func(context.Context) {}),
		Phases: []Phase{
			{Load: 0.7, For: 8 * time.Minute},
			{Load: 3, For: 30 * time.Minute},
			{Load: 0.2, For: 2 * time.Hour, Back: true},
			{Load: 0.7, For: 20 * time.Minute},
		},
	}
	d.Fleet = newPaperFleet(d)
	return d
}

func TestADayGrowsTheGroupToItsMaximumAndBringsItBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := paperDay()
		if err := d.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		var path []int
		for i, c := range d.Changes {
			path = append(path, c.To)
			if i > 0 && c.At < d.Changes[i-1].Done+d.Rule.Cooldown {
				t.Errorf("change %d came at %v, within the cooldown after %v", i+1, c.At, d.Changes[i-1].Done)
			}
		}
		if got, want := fmt.Sprint(path), "[3 4 3 2]"; got != want {
			t.Errorf("the group went to %s, want %s", got, want)
		}
		for _, s := range d.Samples {
			if s.Instances < d.Rule.Min || s.Instances > d.Rule.Max {
				t.Errorf("%d instances at %v", s.Instances, s.At)
			}
		}
	})
}

func TestANewInstanceCountsWhenItIsWarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := paperDay()
		if err := d.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		grown := d.Changes[0].Done
		for _, s := range d.Samples {
			since := s.At - grown
			switch {
			case since > time.Minute && since < d.Rule.Warmup-time.Minute && len(s.CPU) != 2:
				t.Errorf("%v after it came, %d instances count, want 2", since, len(s.CPU))
			case since > d.Rule.Warmup+time.Minute && since < d.Rule.Cooldown && len(s.CPU) != 3:
				t.Errorf("%v after it came, %d instances count, want 3", since, len(s.CPU))
			}
		}
	})
}

func TestADayEndsWithTheFirstErrorOfTheFleet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := paperDay()
		broken := errors.New("no more machines")
		d.Fleet.(*paperFleet).broken = broken
		if err := d.Run(t.Context()); !errors.Is(err, broken) {
			t.Errorf("got %v, want %v", err, broken)
		}
	})
}
