package shoptest

import (
	"errors"
	"runtime"
	"sync"
)

// ErrFault is the error of a call that a fault struck.
var ErrFault = errors.New("struck by a fault")

// Mode is what a fault does.
type Mode int

// The modes. A crash ends the goroutine, with all that it had in hand.
const (
	Fail Mode = iota
	Crash
)

// Faults strikes once, at a numbered point; its Hook is a faults.Hook. Every
// call has two points: before it is carried out, and after, when only its
// answer is lost. The zero value never strikes.
type Faults struct {
	mu     sync.Mutex
	at     int // the point to strike, from 1; 0: none
	mode   Mode
	points int
	struck string
}

// StrikeAt arms f to strike the n-th point from now, counting from 1; 0
// disarms it.
func (f *Faults) StrikeAt(n int, mode Mode) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at, f.mode, f.points, f.struck = n, mode, 0, ""
}

// Struck returns where f struck since it was armed, or "".
func (f *Faults) Struck() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.struck
}

// Hook counts a point and strikes if it is the one.
func (f *Faults) Hook(point string) error {
	f.mu.Lock()
	f.points++
	strikes := f.at != 0 && f.points == f.at
	mode := f.mode
	if strikes {
		f.struck = point
	}
	f.mu.Unlock()
	if !strikes {
		return nil
	}
	if mode == Crash {
		runtime.Goexit()
	}
	return ErrFault
}
