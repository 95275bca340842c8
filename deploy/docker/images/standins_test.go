//go:build linux

package images

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
)

const (
	root        = "../../.."
	dockerfile  = root + "/deploy/docker/Dockerfile"
	composeFile = root + "/docker-compose.yml"
)

var programs = []string{"authsvc", "catalogsvc", "shopsvc", "frontend"}

// makeStandIns makes, without a registry, what our files expect of one: images
// of Go, HAProxy and MariaDB, made of this machine's Go and Debian's packages.
func (e *engine) makeStandIns(t *testing.T, proxy *moduleProxy) {
	t.Helper()
	tar := filepath.Join(e.dir, "debian.tar")
	bootstrap := exec.CommandContext(t.Context(), "mmdebstrap", append([]string{
		"--quiet", "--variant=minbase", "--include=ca-certificates,haproxy,wget,mariadb-server",
		"--dpkgopt=force-unsafe-io", "bookworm", tar,
	}, mirrors(t)...)...)
	bootstrap.Env = append(os.Environ(), "TMPDIR="+e.dir)
	output(t, bootstrap)
	e.call(t, "import", tar, "bookstore-test/debian")
	if err := os.Remove(tar); err != nil {
		t.Fatal(err)
	}
	e.call(t, "build", "--quiet", "--file=testdata/standins/go.Dockerfile", "--build-arg=GOPROXY="+proxy.url,
		"--tag="+imageIn(t, dockerfile, "golang"), goSetting(t, "GOROOT"))
	for _, name := range []string{"haproxy", "mariadb"} {
		e.call(t, "build", "--quiet", "--target="+name, "--tag="+imageIn(t, composeFile, name), "testdata/standins")
	}
}

// mirrors are where this machine gets packages of that Debian from, as lines of
// sources.list; none stands for Debian's own.
func mirrors(t *testing.T) []string {
	t.Helper()
	const line = "deb $(REPO_URI) $(RELEASE) $(COMPONENT)"
	out := output(t, exec.CommandContext(t.Context(), "apt-get", "indextargets", "--format", line, "Created-By: Packages", "Origin: Debian"))
	var lines []string
	for line := range strings.Lines(out) {
		if strings.Contains(line, " bookworm") {
			lines = append(lines, strings.TrimSpace(line))
		}
	}
	return lines
}

// imageIn returns the full name of an image as a file has it.
func imageIn(t *testing.T, file, name string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	image := regexp.MustCompile(`(?m)^(?: *image:|FROM).* (` + name + `:\S+)`).FindStringSubmatch(string(text))
	if image == nil {
		t.Fatalf("%s names no image of %s", file, name)
	}
	return image[1]
}

func goSetting(t *testing.T, name string) string {
	t.Helper()
	return output(t, exec.CommandContext(t.Context(), "go", "env", name))
}

// moduleProxy serves the Go modules in this machine's cache.
type moduleProxy struct {
	url    string
	served atomic.Int64 // requests
}

// serveModules downloads the modules that the programs need, where they are not
// there yet, and serves them on the engine's network.
func (e *engine) serveModules(t *testing.T) *moduleProxy {
	t.Helper()
	for _, program := range programs {
		download := exec.CommandContext(t.Context(), "go", "mod", "download")
		download.Dir = filepath.Join(root, program)
		download.Env = append(os.Environ(), "GOWORK=off")
		output(t, download)
	}
	listener := e.network.listen(t)
	proxy := &moduleProxy{url: "http://" + listener.Addr().String()}
	files := http.FileServer(http.Dir(filepath.Join(goSetting(t, "GOMODCACHE"), "cache", "download")))
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		proxy.served.Add(1)
		files.ServeHTTP(w, r)
	}))
	return proxy
}
