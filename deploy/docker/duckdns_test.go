package docker

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"bookstore/deploy/internal/needs"
)

const duckToken = "a7c4d0ad-114e-40ef-ba1d-d217904a50f2"

// updater is the profile's script with the shell and wget of its image, which
// are busybox's, and with less patience.
type updater struct {
	t   *testing.T
	cmd *exec.Cmd
	log string
}

func startUpdater(t *testing.T, address string) *updater {
	t.Helper()
	busybox := needs.Program(t, "busybox", "Debian: apt-get install busybox")
	dir := t.TempDir()
	for _, tool := range []string{"sh", "wget", "timeout", "sleep", "cat"} {
		if err := os.Symlink(busybox, filepath.Join(dir, tool)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "duckdns_token"), []byte(duckToken+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	u := &updater{t: t, log: filepath.Join(dir, "log")}
	log, err := os.Create(u.log)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	u.cmd = exec.CommandContext(t.Context(), filepath.Join(dir, "sh"), "duckdns")
	u.cmd.Env = []string{
		"PATH=" + dir, "SECRETS=" + dir, "DUCKDNS_DOMAIN=books", "DUCKDNS_URL=" + address,
		"DUCKDNS_TIMEOUT=1", "DUCKDNS_INTERVAL=0.1", "DUCKDNS_RETRY=0.1",
	}
	u.cmd.Stdout, u.cmd.Stderr = log, log
	if err := u.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return u
}

// says waits until the log ends with a line that has these words.
func (u *updater) says(words string) {
	u.t.Helper()
	eventually(u.t, fmt.Sprintf("the log says %q", words), func() bool {
		lines := strings.Split(strings.TrimSpace(u.read()), "\n")
		return strings.Contains(lines[len(lines)-1], words)
	})
}

func (u *updater) read() string {
	text, err := os.ReadFile(u.log)
	if err != nil {
		u.t.Fatal(err)
	}
	return string(text)
}

func TestADuckDNSNameIsKeptWhateverDuckDNSDoes(t *testing.T) {
	t.Parallel()
	var does atomic.Value // what the stand-in does
	does.Store("OK")
	var asked atomic.Value
	leave := make(chan struct{})
	duck := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Store(r.URL.String())
		if does.Load() == "stall" {
			<-leave
			return
		}
		fmt.Fprint(w, does.Load())
	}))
	u := startUpdater(t, duck.URL)
	u.says("books leads to this host")
	if got, want := asked.Load(), "/update?domains=books&token="+duckToken+"&ip="; got != want {
		t.Errorf("DuckDNS was asked for %s, want %s", got, want)
	}
	for _, step := range []struct{ does, says string }{
		{"KO", "is books the name, and the token right?"}, {"stall", "does not answer"},
		{"OK", "leads to this host"}, {"<html>Hello</html>", "neither OK nor KO"}, {"OK", "leads to this host"},
	} {
		does.Store(step.does)
		u.says(step.says)
	}
	close(leave)
	duck.CloseClientConnections()
	duck.Close()
	u.says("does not answer")
	if log := u.read(); strings.Contains(log, duckToken) || strings.Count(log, "\n") > 12 {
		t.Errorf("the log has the token in it, or says everything again and again:\n%s", log)
	}
	if err := u.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := u.cmd.Wait(); err != nil {
		t.Errorf("it ends with %v when it is stopped", err)
	}
}

func TestDuckDNSIsNotAskedWithoutAName(t *testing.T) {
	t.Parallel()
	sh := needs.Program(t, "busybox", "Debian: apt-get install busybox")
	cmd := exec.CommandContext(t.Context(), sh, "sh", "duckdns")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "DUCKDNS_TOKEN=" + duckToken}
	out, err := cmd.CombinedOutput()
	if err == nil || !strings.Contains(string(out), "DUCKDNS_DOMAIN must be the name") {
		t.Errorf("got %v: %s", err, out)
	}
}
