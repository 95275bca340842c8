package httpserver

import (
	"cmp"
	"container/list"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime"
	"sync"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/internal/urgency"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// Limits bound the requests that a process answers at once, and those that wait
// for their turn. Of those that wait the most urgent class goes first, but each
// class has some places that no other takes, so that none is shut out by
// another, nor by a backend that hangs. The zero value sets no bounds.
type Limits struct {
	Active int           `env:"MAX_ACTIVE" envDefault:"0"`    // requests that are answered at once; 0: 64 per core
	Queued int           `env:"MAX_QUEUED" envDefault:"1000"` // requests of each class that wait at most
	Wait   time.Duration `env:"QUEUE_WAIT" envDefault:"1s"`   // how long one waits at most; a checkout four times as long
}

// Check returns a sentence for the first limit that is wrong.
func (l Limits) Check() error {
	switch {
	case l.Active < 0 || l.Active > 0 && l.Active < minActive:
		return errors.New("MAX_ACTIVE must be 0 or at least 8")
	case l.Queued < 0:
		return errors.New("MAX_QUEUED must not be negative")
	case l.Wait <= 0:
		return errors.New("QUEUE_WAIT must be more than 0s")
	}
	return nil
}

const (
	activePerCore = 64
	minActive     = 8
	// checkoutPatience is how much longer a checkout waits: starting again costs
	// its buyer and us more.
	checkoutPatience = 4
)

var (
	requestsQueued = promauto.NewGaugeVec(prometheus.GaugeOpts{
		Name: "http_server_requests_queued",
		Help: "Requests that wait for their turn, by class.",
	}, []string{"class"})
	requestsRefused = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "http_server_requests_refused_total",
		Help: "Requests answered 503 because too many waited before them, or they had waited too long, by class.",
	}, []string{"class"})
)

// ErrOverloaded says that a process has more to do than it can.
var ErrOverloaded = apierr.New(apierr.KindUnavailable, apierr.CodeOverloaded)

// queue lets requests in, a bounded number at a time.
//
// failsafe-go, which bounds our outgoing calls, has no queue with an order: its
// bulkhead is first come, first served, and its prioritised limiter refuses by
// guesses from latencies, so that nothing can be promised of a single request.
type queue struct {
	wait   time.Duration
	common int // places for all classes together

	mu    sync.Mutex
	taken int // of the common places
	rooms map[Class]*room
}

// room is what a queue knows of a class.
type room struct {
	own     int // places for this class alone
	most    int // places that it may have, those in common included
	active  int
	length  int       // that may wait
	waiting list.List // of chan struct{}, closed when it is their turn
}

func newQueue(l Limits) *queue {
	active := cmp.Or(l.Active, activePerCore*runtime.GOMAXPROCS(0))
	own := active / minActive
	q := &queue{wait: l.Wait, common: active - own*len(urgency.Classes), rooms: map[Class]*room{}}
	for _, class := range urgency.Classes {
		q.rooms[class] = &room{own: own, most: active, length: l.Queued}
	}
	q.rooms[Search].most = max(active/4, own)
	q.rooms[Heavy].most = max(active/4, own)
	return q
}

// enter waits until a request of this class may be answered; then leave must be
// called. It returns ErrOverloaded, or the reason why ctx ended.
func (q *queue) enter(ctx context.Context, class Class) error {
	q.mu.Lock()
	room := q.rooms[class]
	if q.admit(room) {
		q.mu.Unlock()
		return nil
	}
	if room.waiting.Len() >= room.length {
		q.mu.Unlock()
		return ErrOverloaded
	}
	turn := make(chan struct{})
	place := room.waiting.PushBack(turn)
	q.mu.Unlock()

	requestsQueued.WithLabelValues(class.String()).Inc()
	defer requestsQueued.WithLabelValues(class.String()).Dec()
	timer := time.NewTimer(q.patience(class))
	defer timer.Stop()
	select {
	case <-turn:
		return nil
	case <-timer.C:
		return q.giveUp(room, place, turn, ErrOverloaded)
	case <-ctx.Done():
		return q.giveUp(room, place, turn, context.Cause(ctx))
	}
}

// giveUp leaves the queue for this reason, unless the turn has come meanwhile.
func (q *queue) giveUp(room *room, place *list.Element, turn <-chan struct{}, reason error) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	select {
	case <-turn:
		return nil
	default:
		room.waiting.Remove(place)
		return reason
	}
}

func (q *queue) patience(class Class) time.Duration {
	if class == Checkout {
		return checkoutPatience * q.wait
	}
	return q.wait
}

// admit takes a place for a request of a class, if there is one.
func (q *queue) admit(r *room) bool {
	switch {
	case r.active < r.own:
	case r.active < r.most && q.taken < q.common:
		q.taken++
	default:
		return false
	}
	r.active++
	return true
}

// leave gives the place of a request back, and lets in whoever has waited
// longest in the most urgent class that has places.
func (q *queue) leave(class Class) {
	q.mu.Lock()
	defer q.mu.Unlock()
	left := q.rooms[class]
	if left.active > left.own {
		q.taken--
	}
	left.active--
	for _, class := range urgency.Classes {
		room := q.rooms[class]
		for first := room.waiting.Front(); first != nil && q.admit(room); first = room.waiting.Front() {
			close(room.waiting.Remove(first).(chan struct{}))
		}
	}
}

// inTurn serves requests with next when it is their turn, and those that
// can't wait any longer with refused.
func (q *queue) inTurn(classify func(*http.Request) Class, next http.Handler, refused func(http.ResponseWriter, *http.Request, *apierr.Error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		class := classify(r)
		if class == Unqueued {
			next.ServeHTTP(w, r)
			return
		}
		r, whole := withBodyRead(r)
		if !whole {
			class = Heavy
		}
		ctx := urgency.With(r.Context(), class)
		r = r.WithContext(ctx)
		if err := q.enter(ctx, class); err != nil {
			requestsRefused.WithLabelValues(class.String()).Inc()
			Annotate(ctx, slog.String("refused", class.String()))
			refused(w, r, ErrOverloaded)
			return
		}
		defer q.leave(class)
		next.ServeHTTP(w, r)
	})
}
