package scaling

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/rehearsal"
	"bookstore/deploy/internal/shoptest"
)

// calibration is how long the CPU of a page is measured.
const calibration = 5 * time.Second

// fleet is the frontends as a group of instances. On AWS each instance has a
// machine of its own; here all share one, and a core has room for many of them.
// So an instance has a size, the share of a core that counts as 100 % of its
// CPU. Nothing holds it to that share; where it takes more, a real one would be
// at its limit.
type fleet struct {
	shop *shoptest.Shop
	size float64 // in cores

	mu      sync.Mutex
	serving []*cluster.Process // the oldest first
	before  map[string]reading // by instance
}

// reading is a look at a process's counter.
type reading struct {
	at  time.Time
	cpu float64 // seconds
}

func newFleet(t *testing.T, s *shoptest.Shop, size int) *fleet {
	t.Helper()
	f := &fleet{shop: s, serving: s.Processes(cluster.Frontend)[:size], before: map[string]reading{}}
	if err := s.AwaitBalanced(t.Context(), f.serving...); err != nil {
		t.Fatal(err)
	}
	return f
}

// calibrate finds the instances' size on this machine: what instanceRate pages
// take, measured when there are as many of them as let the group grow.
func (f *fleet) calibrate(t *testing.T, day *rehearsal.Day) {
	t.Helper()
	day.Traffic.SetRate(day.Capacity)
	f.size = 1
	shoptest.Pause(t.Context(), calibration/2) // connections open, caches fill
	f.Usage(t.Context())
	day.Traffic.Answered()
	start := time.Now()
	shoptest.Pause(t.Context(), calibration)
	rate := float64(len(day.Traffic.Answered())) / time.Since(start).Seconds()
	cores, told := 0.0, f.Usage(t.Context())
	for _, percent := range told {
		cores += percent / 100 * float64(day.Rule.Desired) / float64(len(told))
	}
	if cores == 0 || rate == 0 {
		t.Fatalf("%v pages a second took %v cores", rate, cores)
	}
	f.size = cores / rate * instanceRate
}

// Usage returns the CPU of each instance that takes requests.
func (f *fleet) Usage(ctx context.Context) map[string]float64 {
	usage := map[string]float64{}
	for _, p := range f.takeRequests() {
		now, err := read(ctx, p)
		if err != nil {
			continue // as where a data point is missing on AWS
		}
		f.mu.Lock()
		if before, known := f.before[p.Name]; known {
			usage[p.Name] = 100 * (now.cpu - before.cpu) / now.at.Sub(before.at).Seconds() / f.size
		}
		f.before[p.Name] = now
		f.mu.Unlock()
	}
	return usage
}

func (f *fleet) takeRequests() []*cluster.Process {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.serving)
}

// read returns the CPU that a process has used since it was started.
func read(ctx context.Context, p *cluster.Process) (reading, error) {
	metrics, err := p.Metrics(ctx)
	if err != nil {
		return reading{}, err
	}
	for line := range strings.Lines(metrics) {
		if value, ok := strings.CutPrefix(line, "process_cpu_seconds_total "); ok {
			cpu, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return reading{time.Now(), cpu}, err
		}
	}
	return reading{}, fmt.Errorf("%s does not tell its CPU", p.Name)
}

// Add starts a frontend that is on standby.
func (f *fleet) Add(ctx context.Context) error {
	p := f.onStandby()
	if p == nil {
		return errors.New("every frontend is started")
	}
	if err := p.Start(); err != nil {
		return err
	}
	if err := errors.Join(p.WaitReady(ctx), f.shop.AwaitBalanced(ctx, p)); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.serving = append(f.serving, p)
	return nil
}

func (f *fleet) onStandby() *cluster.Process {
	serving := f.takeRequests()
	for _, p := range f.shop.Processes(cluster.Frontend) {
		if !slices.Contains(serving, p) {
			return p
		}
	}
	return nil
}

// Remove lets the oldest frontend drain and end: whatever it alone knew would
// be missing now.
func (f *fleet) Remove(context.Context) error {
	f.mu.Lock()
	oldest := f.serving[0]
	f.serving = f.serving[1:]
	delete(f.before, oldest.Name)
	f.mu.Unlock()
	return oldest.Stop()
}
