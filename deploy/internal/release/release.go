// Package release knows the release before today's, to prove that it can serve
// beside it: a release replaces machine after machine, and while it does, old
// programs run on the new schema.
package release

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// previous is the commit of the release before today's. Whoever begins the next
// one sets it to the commit that is released then (git rev-parse HEAD).
const previous = "ed51469f55ad7c306984f89189c7a83f65786ce2"

// ErrNoHistory says that the repository was cloned without its past.
var ErrNoHistory = errors.New("the code of the release before is not known: get the repository's history (git fetch --unshallow)")

// Previous returns the commit of the release before today's. It returns
// ErrNoHistory if the repository at root does not have it.
func Previous(ctx context.Context, root string) (commit string, err error) {
	if _, err := git(ctx, root, "cat-file", "-e", previous+"^{commit}"); err != nil {
		return "", fmt.Errorf("%w: %w", ErrNoHistory, err)
	}
	return previous, nil
}

// Export writes the files of a commit into a folder, which must exist.
func Export(ctx context.Context, root, commit, dir string) error {
	archive := filepath.Join(dir, "sources.tar")
	if _, err := git(ctx, root, "archive", "--output="+archive, commit); err != nil {
		return err
	}
	if out, err := exec.CommandContext(ctx, "tar", "-x", "-f", archive, "-C", dir).CombinedOutput(); err != nil {
		return fmt.Errorf("unpack commit %s: %w: %s", commit, err, out)
	}
	return os.Remove(archive)
}

// git returns what git prints, without the space around it.
func git(ctx context.Context, root string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = root
	var said bytes.Buffer
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("git %s: %w: %s", args[0], err, bytes.TrimSpace(said.Bytes()))
	}
	return string(bytes.TrimSpace(out)), nil
}
