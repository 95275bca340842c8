//go:build linux

package images

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"bookstore/deploy/internal/needs"
)

// needed are the programs that the test calls, and Debian's packages of them.
var needed = map[string]string{
	"dockerd": "docker.io", "docker-init": "docker.io", "docker": "docker.io",
	"docker-compose": "docker-compose", "mmdebstrap": "mmdebstrap",
}

// engine is a Docker engine of the test's own. It and its containers see no
// other processes, mounts and networks than their own, and end with it.
type engine struct {
	network *network
	dir     string // where everything is that it writes
	docker  string // its client
	pid     int    // of the first of its processes
}

// start becomes the engine, as the first process of a world of its own. Before,
// it shows that world its own processes, hides the sockets of other engines, and gives it
// control groups where the machine has none mounted.
const start = `set -e
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /run
mountpoint -q /sys/fs/cgroup || mount -t cgroup2 cgroup2 /sys/fs/cgroup
exec docker-init -- dockerd --config-file "$1/daemon.json"`

func startEngine(t *testing.T) *engine {
	t.Helper()
	if os.Geteuid() != 0 {
		needs.Missing(t, "a Docker engine is started by root")
	}
	for program, name := range needed {
		needs.Program(t, program, "Debian: apt-get install "+name)
	}
	dir, err := os.MkdirTemp("", "bookstore-docker-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	e := &engine{network: newNetwork(t), dir: dir, docker: client()}
	e.run(t)
	return e
}

// client returns the engine's own client, where there are several.
func client() string {
	const debian = "/usr/bin/docker"
	if _, err := os.Stat(debian); err == nil {
		return debian
	}
	return "docker"
}

// run starts the engine and waits until it answers.
func (e *engine) run(t *testing.T) {
	t.Helper()
	group := filepath.Base(e.dir)
	e.configure(t, group)
	log, err := os.Create(filepath.Join(e.dir, "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command("/bin/sh", "-c", start, "sh", e.dir)
	cmd.Env = append(os.Environ(), "TMPDIR="+e.dir)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWPID, Unshareflags: syscall.CLONE_NEWNS,
		Pdeathsig: syscall.SIGKILL, // the parent is the network's thread
	}
	e.network.do(func() { err = cmd.Start() })
	if err != nil {
		needs.Missing(t, "the engine can't be started: %v", err)
	}
	e.pid = cmd.Process.Pid
	t.Cleanup(func() {
		cmd.Process.Kill() // and the kernel kills all processes that see it as the first
		cmd.Wait()         // it was killed
		removeGroups(t, group)
		if said, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("the engine's last words:\n%s", said[max(0, len(said)-4000):])
		}
	})
	eventually(t, "the engine answers", func() error {
		return e.command(t.Context(), e.docker, "version").Run()
	})
}

func (e *engine) configure(t *testing.T, group string) {
	t.Helper()
	config, err := json.Marshal(map[string]any{
		"data-root":           filepath.Join(e.dir, "data"),
		"hosts":               []string{e.host()},
		"cgroup-parent":       "/" + group,
		"deprecated-key-path": filepath.Join(e.dir, "key.json"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(e.dir, "daemon.json"), config, 0o600); err != nil {
		t.Fatal(err)
	}
}

func (e *engine) host() string { return "unix://" + filepath.Join(e.dir, "socket") }

// removeGroups removes the control groups that killed containers leave behind.
func removeGroups(t *testing.T, name string) {
	roots, err := filepath.Glob("/sys/fs/cgroup/*/" + name)
	if err != nil {
		t.Fatal(err)
	}
	for _, root := range append(roots, "/sys/fs/cgroup/"+name) {
		var folders []string
		filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				folders = append(folders, path)
			}
			return nil // what is not there need not be removed
		})
		slices.Reverse(folders)
		for _, folder := range folders {
			if err := syscall.Rmdir(folder); err != nil {
				t.Errorf("remove control group %s: %v", folder, err)
			}
		}
	}
}

// command is a program that talks to the engine, and to no other. It sees no
// settings of the shop that whoever runs the test may have.
func (e *engine) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + e.dir, "DOCKER_HOST=" + e.host(), "DOCKER_BUILDKIT=1"}
	return cmd
}

// call runs docker and returns what it prints.
func (e *engine) call(t *testing.T, args ...string) string {
	t.Helper()
	return output(t, e.command(t.Context(), e.docker, args...))
}

// output runs a command that must work and returns what it prints.
func output(t *testing.T, cmd *exec.Cmd) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s%s", strings.Join(cmd.Args, " "), err, out, stderr.String())
	}
	return strings.TrimSpace(string(out))
}

// eventually repeats what fails until it works.
func eventually(t *testing.T, what string, try func() error) {
	t.Helper()
	deadline := time.Now().Add(3 * time.Minute)
	for {
		err := try()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s: %v", what, err)
		}
		time.Sleep(250 * time.Millisecond)
	}
}

// timed does a part of the test and tells how long it took.
func timed(t *testing.T, part string, do func()) {
	t.Helper()
	began := time.Now()
	do()
	t.Logf("%-40s %5.1f s", part, time.Since(began).Seconds())
}

// decode reads JSON that docker printed.
func decode[T any](t *testing.T, text string) T {
	t.Helper()
	var value T
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatal(fmt.Errorf("docker printed %q: %w", text, err))
	}
	return value
}
