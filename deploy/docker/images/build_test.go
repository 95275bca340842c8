//go:build linux

package images

import (
	"archive/tar"
	"bytes"
	"debug/elf"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const (
	release      = "v0-test"
	maxImageSize = 40_000_000 // bytes
)

// sources returns a copy of what the images are built from.
func sources(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, folder := range append([]string{"assets", "shared", "deploy/docker/entry", "deploy/pages"}, programs...) {
		if err := os.CopyFS(filepath.Join(dir, folder), os.DirFS(filepath.Join(root, folder))); err != nil {
			t.Fatal(err)
		}
	}
	for _, file := range []string{"deploy/go.mod", "deploy/docker/Dockerfile", "deploy/docker/Dockerfile.dockerignore"} {
		data, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// build builds an image, under the name that compose gives it.
func (e *engine) build(t *testing.T, sources, target string) {
	t.Helper()
	e.call(t, "build", "--quiet", "--network=host", "--file="+filepath.Join(sources, "deploy/docker/Dockerfile"),
		"--target="+target, "--build-arg=VERSION="+release, "--tag="+imageName(target), sources)
}

func imageName(target string) string { return "bookstore/" + target + ":" + release }

// image is what docker tells of one.
type image struct {
	Size   int64
	Config struct {
		User        string
		Labels      map[string]string
		Healthcheck struct{ Test []string }
	}
}

// checkImage checks what an image promises, and what it holds.
func (e *engine) checkImage(t *testing.T, target string) {
	t.Helper()
	i := decode[[]image](t, e.call(t, "image", "inspect", imageName(target)))[0]
	t.Logf("%-40s %5.1f MB", "image "+target, float64(i.Size)/1e6)
	if i.Size >= maxImageSize {
		t.Errorf("%s has %d bytes, want less than %d", target, i.Size, maxImageSize)
	}
	if i.Config.User != "65532:65532" {
		t.Errorf("%s runs as user %q", target, i.Config.User)
	}
	if got := i.Config.Labels["org.opencontainers.image.version"]; got != release {
		t.Errorf("%s calls itself version %q, want %q", target, got, release)
	}
	executables := []string{"entry"}
	if target != "secrets" {
		executables = append(executables, target)
		if len(i.Config.Healthcheck.Test) == 0 {
			t.Errorf("%s has no health check", target)
		}
	}
	e.checkFiles(t, target, executables)
}

// checkFiles wants an image to hold static executables, the certificate
// authorities, a folder for what is temporary, the frontend also the pages that its
// operator wrote, and nothing else.
func (e *engine) checkFiles(t *testing.T, target string, executables []string) {
	t.Helper()
	id := e.call(t, "create", imageName(target))
	defer e.call(t, "rm", id)
	files := tar.NewReader(strings.NewReader(output(t, e.command(t.Context(), e.docker, "export", id))))
	var found []string
	for {
		header, err := files.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case header.Typeflag != tar.TypeReg || madeByEngine(header.Name):
		case header.Name == "etc/ssl/certs/ca-certificates.crt":
		case target == "frontend" && strings.HasPrefix(header.Name, "pages/"):
		default:
			found = append(found, header.Name)
			checkStatic(t, target, header.Name, files)
		}
		if header.Name == "tmp/" && header.Mode&0o7777 != 0o1777 {
			t.Errorf("%s: the mode of /tmp is %o", target, header.Mode)
		}
	}
	slices.Sort(found)
	slices.Sort(executables)
	if !slices.Equal(found, executables) {
		t.Errorf("%s holds %v, want %v", target, found, executables)
	}
}

// madeByEngine reports whether docker adds a file to every container.
func madeByEngine(name string) bool {
	return slices.Contains([]string{".dockerenv", "dev/console", "etc/hostname", "etc/hosts", "etc/resolv.conf"}, name)
}

func checkStatic(t *testing.T, target, name string, content io.Reader) {
	t.Helper()
	data, err := io.ReadAll(content)
	if err != nil {
		t.Fatal(err)
	}
	program, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		t.Errorf("%s: %s is no program: %v", target, name, err)
		return
	}
	for _, part := range program.Progs {
		if part.Type == elf.PT_INTERP || part.Type == elf.PT_DYNAMIC {
			t.Errorf("%s: %s is not static", target, name)
		}
	}
}

// checkRebuild changes a program's source and wants its image to be another,
// built without fetching a module.
func (e *engine) checkRebuild(t *testing.T, sources string, proxy *moduleProxy) {
	t.Helper()
	const target = "authsvc"
	id := func() string { return e.call(t, "image", "inspect", "--format={{.Id}}", imageName(target)) }
	before, served := id(), proxy.served.Load()
	if served == 0 {
		t.Error("the first builds fetched no modules")
	}
	change := "package main\n\nfunc init() { println(\"changed\") }\n"
	if err := os.WriteFile(filepath.Join(sources, target, "changed.go"), []byte(change), 0o600); err != nil {
		t.Fatal(err)
	}
	e.build(t, sources, target)
	if id() == before {
		t.Error("a changed source did not change the image")
	}
	if fetched := proxy.served.Load() - served; fetched != 0 {
		t.Errorf("a changed source let modules be fetched again, with %d requests", fetched)
	}
	e.call(t, "tag", before, imageName(target))
}
