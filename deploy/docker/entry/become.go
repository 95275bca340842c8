package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// secretsFolder is where Docker mounts secrets, one file each.
const secretsFolder = "/run/secrets"

// become replaces this process by a program, so that signals reach it. The
// secrets in files become settings: many tools show the environment of a
// container, but not of the processes in it.
func become(command []string) error {
	environ, err := withSecrets(os.Environ(), secretsFolder)
	if err != nil {
		return err
	}
	if err := syscall.Exec(command[0], command, environ); err != nil {
		return fmt.Errorf("start %s: %w", command[0], err)
	}
	return nil
}

// withSecrets adds the content of each file in dir to environ, under the
// file's name in capitals: service_key is SERVICE_KEY. A setting that has a
// value already keeps it. There need not be such a folder.
func withSecrets(environ []string, dir string) ([]string, error) {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return environ, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read secrets: %w", err)
	}
	for _, file := range files {
		name := strings.ToUpper(file.Name())
		if file.IsDir() || hasValue(environ, name) {
			continue
		}
		secret, err := os.ReadFile(filepath.Join(dir, file.Name()))
		if err != nil {
			return nil, fmt.Errorf("read secrets: %w", err)
		}
		environ = slices.DeleteFunc(environ, func(setting string) bool { return setting == name+"=" })
		environ = append(environ, name+"="+strings.TrimSpace(string(secret)))
	}
	return environ, nil
}

func hasValue(environ []string, name string) bool {
	return slices.ContainsFunc(environ, func(setting string) bool {
		value, found := strings.CutPrefix(setting, name+"=")
		return found && value != ""
	})
}
