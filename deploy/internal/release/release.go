// Package release finds the code that ran before the newest migration, to prove
// that it can serve beside today's: a release replaces machine after machine,
// and while it does, old programs run on the new schema.
package release

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// migrations are the files that make the schemas, as a pattern of git's.
const migrations = "*/internal/store/migrations/*.sql"

// ErrNoHistory says that the repository was cloned without its past.
var ErrNoHistory = errors.New("the code before the newest migration is not known: get the repository's history (git fetch --unshallow)")

// BeforeNewestMigration returns the commit before the one that added the newest
// migration of the repository at root. While a migration is not committed yet,
// that is the last commit. It returns ErrNoHistory in a shallow clone.
func BeforeNewestMigration(ctx context.Context, root string) (commit string, err error) {
	added, err := git(ctx, root, "status", "--porcelain", "--untracked-files=all", "--", migrations)
	if err != nil {
		return "", err
	}
	if strings.Contains("\n"+added, "\n?? ") || strings.Contains("\n"+added, "\nA") {
		return git(ctx, root, "rev-parse", "HEAD")
	}
	shallow, err := git(ctx, root, "rev-parse", "--is-shallow-repository")
	if err != nil {
		return "", err
	}
	if shallow == "true" {
		return "", ErrNoHistory
	}
	newest, err := git(ctx, root, "log", "-1", "--diff-filter=A", "--format=%H", "--", migrations)
	if err != nil {
		return "", err
	}
	if newest == "" {
		return "", errors.New("no commit has added a migration")
	}
	return git(ctx, root, "rev-parse", newest+"^")
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
