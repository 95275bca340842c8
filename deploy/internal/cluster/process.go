package cluster

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

const (
	readyTimeout = 60 * time.Second
	stopTimeout  = 20 * time.Second
)

// Process is one program that is running, or was.
type Process struct {
	Program string // such as "shopsvc"
	Name    string // such as "shopsvc-2"
	URL     string // where it listens

	// PrivateURL is where it shows its metrics; empty without Options.Private.
	PrivateURL string

	path string
	args []string
	env  []string
	log  string

	mu   sync.Mutex
	cmd  *exec.Cmd
	done chan struct{} // closed when cmd has ended
}

// Log is the path of the file that the program's output is appended to.
func (p *Process) Log() string { return p.log }

// Metrics returns what the program says of itself to Prometheus. It needs
// Options.Private.
func (p *Process) Metrics(ctx context.Context) (string, error) {
	return fetch(ctx, p.PrivateURL+"/metrics")
}

// Restart stops the program in good order, starts it again, and waits until it
// is ready.
func (p *Process) Restart(ctx context.Context) error {
	if err := p.Stop(); err != nil {
		return err
	}
	if err := p.Start(); err != nil {
		return err
	}
	return p.WaitReady(ctx)
}

// Set adds settings (KEY=value) that hold from the next Start on; a later one
// takes the place of an earlier.
func (p *Process) Set(settings ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.env = append(p.env, settings...)
}

// RunFrom lets the next Start run the program that was built into another
// folder, as a release does.
func (p *Process) RunFrom(bin string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.path = filepath.Join(bin, p.Program)
}

// Start runs the program, its output appended to its log. It does not wait
// until the program is ready.
func (p *Process) Start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("start %s: %w", p.Name, err)
	}
	defer log.Close()
	cmd := exec.Command(p.path, p.args...)
	cmd.Env = append(os.Environ(), p.env...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = ownGroup()
	if err := startChild(cmd); err != nil {
		return fmt.Errorf("start %s: %w", p.Name, err)
	}
	p.cmd, p.done = cmd, make(chan struct{})
	go func(done chan struct{}) {
		cmd.Wait() // the exit code is read from cmd.ProcessState
		close(done)
	}(p.done)
	return nil
}

// WaitReady waits until the program takes requests. It returns an error that
// holds the program's last words if it ends instead.
func (p *Process) WaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	_, done := p.running()
	for !ready(ctx, p.URL) {
		select {
		case <-done:
			return p.endError()
		case <-ctx.Done():
			return fmt.Errorf("%s did not become ready: %s", p.Name, p.lastWords())
		case <-time.After(20 * time.Millisecond):
		}
	}
	return nil
}

// Stop asks the program to drain and end, and kills it if it does not within
// twenty seconds. Stopping one that has ended is no error.
func (p *Process) Stop() error {
	cmd, done := p.running()
	if cmd == nil {
		return nil
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop %s: %w", p.Name, err)
	}
	select {
	case <-done:
		return nil
	case <-time.After(stopTimeout):
		return p.Kill()
	}
}

// Kill ends the program at once, as a crash would (SIGKILL).
func (p *Process) Kill() error {
	cmd, done := p.running()
	if cmd == nil {
		return nil
	}
	if err := cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("kill %s: %w", p.Name, err)
	}
	<-done
	return nil
}

// AwaitEnd waits until the program has ended by itself and returns its exit code.
func (p *Process) AwaitEnd(ctx context.Context) (code int, err error) {
	cmd, done := p.running()
	select {
	case <-done:
		return cmd.ProcessState.ExitCode(), nil
	case <-ctx.Done():
		return 0, fmt.Errorf("%s is still running: %w", p.Name, ctx.Err())
	}
}

func (p *Process) running() (*exec.Cmd, chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cmd, p.done
}

func (p *Process) endError() error {
	return fmt.Errorf("%s has ended: %s", p.Name, p.lastWords())
}

// lastWords returns the last line of the program's log.
func (p *Process) lastWords() string {
	data, err := os.ReadFile(p.log)
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	if err != nil || len(lines[len(lines)-1]) == 0 {
		return "it said nothing; see " + filepath.Dir(p.log)
	}
	return string(lines[len(lines)-1])
}
