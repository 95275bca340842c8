package shoptest

import (
	"errors"
	"runtime"
	"sync"
)

// ErrFault is the error of a call that fails on purpose.
var ErrFault = errors.New("injected fault")

// Mode is what a fault does.
type Mode int

// The modes. A crash ends the goroutine, with all that it had in hand.
const (
	Fail Mode = iota
	Crash
)

// Faults injects one fault, at a numbered point; its Hook is a faults.Hook. Every
// call has two points: before it is carried out, and after, when only its
// answer is lost. The zero value injects none.
type Faults struct {
	mu       sync.Mutex
	at       int // the point of the fault, from 1; 0: none
	mode     Mode
	points   int
	injected string
}

// InjectAt makes the n-th point from now fail, counting from 1; 0 makes none
// fail.
func (f *Faults) InjectAt(n int, mode Mode) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at, f.mode, f.points, f.injected = n, mode, 0, ""
}

// Injected returns the point at which the fault was injected, or "".
func (f *Faults) Injected() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.injected
}

// Hook counts a point and injects the fault if it is the one.
func (f *Faults) Hook(point string) error {
	f.mu.Lock()
	f.points++
	due := f.at != 0 && f.points == f.at
	mode := f.mode
	if due {
		f.injected = point
	}
	f.mu.Unlock()
	if !due {
		return nil
	}
	if mode == Crash {
		runtime.Goexit()
	}
	return ErrFault
}
