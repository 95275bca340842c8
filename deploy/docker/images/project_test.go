//go:build linux

package images

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// project is the shop as docker-compose.yml describes it.
type project struct {
	*engine
	files []string // the arguments that say where it is
}

// container is what docker tells of one.
type container struct {
	Name  string
	State struct {
		Status   string
		ExitCode int
		Pid      int
		Health   *struct{ Status string }
	}
	Config struct {
		Labels map[string]string
	}
	HostConfig struct {
		ReadonlyRootfs bool
		CapDrop        []string
		PortBindings   map[string]any
	}
	NetworkSettings struct {
		Networks map[string]struct{ IPAddress string }
	}
}

func (c container) service() string { return c.Config.Labels["com.docker.compose.service"] }

// newProject reads docker-compose.yml. Debian's compose does not know two of
// its lines: the project's name is given in another way, and nothing is pulled.
func (e *engine) newProject(t *testing.T) *project {
	t.Helper()
	text, err := os.ReadFile(composeFile)
	if err != nil {
		t.Fatal(err)
	}
	top, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	var known strings.Builder
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "name: ") && strings.TrimSpace(line) != "pull_policy: build" {
			known.WriteString(line)
		}
	}
	file, settings := filepath.Join(e.dir, "docker-compose.yml"), filepath.Join(e.dir, "settings")
	for path, text := range map[string]string{file: known.String(), settings: "RELEASE=" + release + "\nPUBLIC_URL=" + shopURL + "\n"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p := &project{engine: e, files: []string{"--project-name=bookstore", "--project-directory=" + top, "--file=" + file, "--env-file=" + settings}}
	t.Cleanup(func() {
		if t.Failed() {
			p.tell(t)
		}
	})
	return p
}

// tell shows what the containers are and what they said last.
func (p *project) tell(t *testing.T) {
	for _, args := range [][]string{{"ps"}, {"logs", "--no-color", "--tail=30"}} {
		// The test's own context has ended.
		out, _ := p.command(context.Background(), "docker-compose", append(p.files, args...)...).CombinedOutput()
		t.Logf("%s", out)
	}
}

func (p *project) compose(t *testing.T, args ...string) {
	t.Helper()
	output(t, p.command(t.Context(), "docker-compose", append(p.files, args...)...))
}

// up starts what is not running and waits until all of it is healthy.
func (p *project) up(t *testing.T, args ...string) {
	t.Helper()
	p.compose(t, append(args, "up", "--detach", "--no-build", "--scale=frontend=4")...)
	p.waitHealthy(t)
}

func (p *project) waitHealthy(t *testing.T) {
	t.Helper()
	eventually(t, "all containers are healthy", func() error {
		for _, c := range p.containers(t) {
			done := c.service() == "secrets" && c.State.Status == "exited" && c.State.ExitCode == 0
			if !done && (c.State.Health == nil || c.State.Health.Status != "healthy") {
				return fmt.Errorf("%s is %+v", c.Name, c.State)
			}
		}
		return nil
	})
}

// containers returns all there are, running or not, of some services or all.
func (p *project) containers(t *testing.T, services ...string) []container {
	t.Helper()
	ids := strings.Fields(p.call(t, "ps", "--all", "--quiet", "--filter=label=com.docker.compose.project=bookstore"))
	if len(ids) == 0 {
		t.Fatal("there are no containers")
	}
	all := decode[[]container](t, p.call(t, append([]string{"inspect"}, ids...)...))
	if len(services) == 0 {
		return all
	}
	var chosen []container
	for _, c := range all {
		for _, service := range services {
			if c.service() == service {
				chosen = append(chosen, c)
			}
		}
	}
	return chosen
}

// exec runs a command in the container of a service that has one.
func (p *project) exec(t *testing.T, service string, command ...string) string {
	t.Helper()
	return p.call(t, append([]string{"exec", p.containers(t, service)[0].Name[1:]}, command...)...)
}

// secret returns a secret that the first start made, from its volume.
func (p *project) secret(t *testing.T, owner, name string) string {
	t.Helper()
	volume := p.call(t, "volume", "inspect", "--format={{.Mountpoint}}", "bookstore_secrets-"+owner)
	data, err := os.ReadFile(filepath.Join(volume, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
