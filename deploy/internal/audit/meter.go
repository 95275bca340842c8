package audit

import (
	"sync"
	"time"

	"bookstore/shared/apierr"

	"github.com/HdrHistogram/hdrhistogram-go"
)

const (
	// longest is what longer times are counted as.
	longest = 5 * time.Minute
	// mostMoments bounds how finely a run is drawn over time.
	mostMoments = 60
)

// meter counts and times answers. A time is from the moment at which the request
// was due, not from when it could be sent, so that a shop which holds everybody
// up is not measured by the few who got through.
type meter struct {
	mu         sync.Mutex
	began      time.Time
	width      time.Duration // of a moment
	visits     int
	all        *tally
	operations map[string]*tally
	moments    []*tally
}

// tally is what became of some requests.
type tally struct {
	times                     *hdrhistogram.Histogram // in microseconds
	answered, refused, failed int
}

func newTally(digits int) *tally {
	return &tally{times: hdrhistogram.New(1, longest.Microseconds(), digits)}
}

func newMeter(began time.Time, length time.Duration) *meter {
	width := max(time.Second, (length / mostMoments).Round(time.Second))
	return &meter{began: began, width: width, all: newTally(3), operations: map[string]*tally{}}
}

func (m *meter) arrived() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.visits++
}

// answered notes what became of a request that was due and is over now.
func (m *meter) answered(operation string, due, now time.Time, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.operations[operation] == nil {
		m.operations[operation] = newTally(3)
	}
	i := int(now.Sub(m.began) / m.width)
	for len(m.moments) <= i {
		m.moments = append(m.moments, newTally(2))
	}
	for _, t := range []*tally{m.all, m.operations[operation], m.moments[i]} {
		t.add(now.Sub(due), err)
	}
}

func (t *tally) add(took time.Duration, err error) {
	// It fails only for what is longer than the longest.
	_ = t.times.RecordValue(min(took, longest).Microseconds())
	e, known := apierr.As(err)
	switch {
	case err == nil:
		t.answered++
	case known && !isUnanswered(e):
		t.refused++
	default:
		t.failed++
	}
}

// milliseconds returns the time within which a share of the requests, in
// percent, was answered.
func (t *tally) milliseconds(percent float64) float64 {
	return float64(t.times.ValueAtPercentile(percent)) / 1000
}
