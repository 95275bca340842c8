package cluster

import (
	"os/exec"
	"runtime"
	"sync"
	"syscall"
)

// ownGroup keeps a Ctrl-C in the terminal from reaching the programs directly,
// so that they are stopped in order, and ends them if this process is killed.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}

type startRequest struct {
	cmd *exec.Cmd
	err chan error
}

// starter starts children from one thread that never ends: Linux sends the
// parent-death signal when the thread that made the child ends, not the
// process (prctl(2), PR_SET_PDEATHSIG).
var starter = sync.OnceValue(func() chan startRequest {
	requests := make(chan startRequest)
	go func() {
		runtime.LockOSThread()
		for r := range requests {
			r.err <- r.cmd.Start()
		}
	}()
	return requests
})

func startChild(cmd *exec.Cmd) error {
	r := startRequest{cmd, make(chan error)}
	starter() <- r
	return <-r.err
}
