package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The addresses of the database inside the compose network: the primary, and
// whoever serves reads at the moment.
const (
	writer = "db-writer:3306"
	reader = "db-reader:3306"
)

// readable lets any user of a container read the file: each folder is mounted
// only into the container that may know its secrets, whatever user runs there.
const readable = 0o444

// backends are the programs that own a database, with its name, which is that
// of its user as well.
var backends = map[string]string{"authsvc": "auth", "catalogsvc": "catalog", "shopsvc": "shop"}

// makeSecrets fills dir, which has one folder for each container, with random
// secrets. It keeps those that are there, so it may run at every start; what
// follows from other secrets it writes anew.
func makeSecrets(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return fmt.Errorf("make secrets: %w", err)
	}
	defer root.Close()
	s := &secrets{root: root}
	s.own("authsvc/token_keys", 32)
	s.share(s.own("shopsvc/event_key", 32), "authsvc/event_key")
	s.own("frontend/session_keys", 64)
	s.own("grafana/admin_password", 24)
	s.own("database/root_password", 32)
	s.own("database/replication_password", 32)
	s.share(s.own("authsvc/service_key", 32), "catalogsvc/service_key", "shopsvc/service_key", "frontend/service_key")
	for program, name := range backends {
		password := s.own("database/"+name+"_password", 32)
		s.share(databaseURL(name, password, writer), program+"/database_url")
		s.share(databaseURL(name, password, reader), program+"/database_reader_url")
	}
	return s.err
}

func databaseURL(name, password, host string) string {
	return fmt.Sprintf("mysql://%s:%s@%s/%s", name, password, host, name)
}

// secrets writes files below a folder until something fails.
type secrets struct {
	root *os.Root
	err  error
}

// own returns the secret of a file, and makes one of n random bytes, as
// unpadded base64url, if there is none.
func (s *secrets) own(path string, n int) string {
	if s.err != nil {
		return ""
	}
	data, err := s.root.ReadFile(path)
	if secret := strings.TrimSpace(string(data)); err == nil && secret != "" {
		return secret
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.err = fmt.Errorf("read a secret: %w", err)
		return ""
	}
	key := make([]byte, n)
	rand.Read(key) // never fails
	secret := base64.RawURLEncoding.EncodeToString(key)
	s.share(secret, path)
	return secret
}

// share writes a secret into files, each either whole or not at all.
func (s *secrets) share(secret string, paths ...string) {
	for _, path := range paths {
		if s.err == nil {
			s.err = s.write(path, secret)
		}
	}
}

func (s *secrets) write(path, secret string) error {
	if data, err := s.root.ReadFile(path); err == nil && string(data) == secret {
		return nil
	}
	if err := s.root.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("keep a secret: %w", err)
	}
	draft := path + ".new"
	if err := s.root.RemoveAll(draft); err != nil {
		return fmt.Errorf("keep a secret: %w", err)
	}
	if err := s.root.WriteFile(draft, []byte(secret), readable); err != nil {
		return fmt.Errorf("keep a secret: %w", err)
	}
	if err := s.root.Rename(draft, path); err != nil {
		return fmt.Errorf("keep a secret: %w", err)
	}
	return nil
}
