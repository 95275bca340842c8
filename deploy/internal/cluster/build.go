package cluster

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
)

// Root returns the folder of the workspace that the working directory is in.
func Root(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, "go", "env", "GOWORK").Output()
	if err != nil {
		return "", fmt.Errorf("ask go for the workspace: %w", err)
	}
	work := strings.TrimSpace(string(out))
	if work == "" || work == "off" {
		return "", fmt.Errorf("run this inside the bookstore's folder, the one with go.work")
	}
	return filepath.Dir(work), nil
}

// Build compiles the four programs of the workspace at root into the folder
// bin. It calls progress with each package that had to be fetched or compiled,
// as go names it.
func Build(ctx context.Context, root, bin string, progress func(line string), flags ...string) error {
	args := append([]string{"build", "-v", "-o", bin + string(filepath.Separator)}, flags...)
	for _, program := range Programs {
		args = append(args, "./"+program)
	}
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = root
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("run go build: %w", err)
	}
	said := readLines(stderr, progress)
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("the programs can't be built: %w\n%s", err, said)
	}
	return nil
}

// readLines passes each line on and returns those that are not progress.
func readLines(r io.Reader, progress func(string)) string {
	var said strings.Builder
	for lines := bufio.NewScanner(r); lines.Scan(); {
		progress(lines.Text())
		if strings.Contains(lines.Text(), " ") && !strings.HasPrefix(lines.Text(), "go: downloading") {
			said.WriteString(lines.Text() + "\n")
		}
	}
	return said.String()
}
