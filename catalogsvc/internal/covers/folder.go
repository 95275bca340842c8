package covers

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"bookstore/catalogsvc/internal/catalog"
)

// folder keeps covers as files. Any number of processes may share it.
type folder struct{ root *os.Root }

func openFolder(path string) (*folder, error) {
	if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of COVERS_URL: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open the folder of COVERS_URL: %w", err)
	}
	return &folder{root}, nil
}

// Put implements catalog.Pictures. When it returns, a power cut loses nothing.
func (f *folder) Put(_ context.Context, key string, jpeg []byte) error {
	if err := checkKey(key); err != nil {
		return err
	}
	draft := "." + rand.Text() + ".draft"
	if err := f.write(draft, jpeg); err != nil {
		return errors.Join(fmt.Errorf("write a cover: %w", err), f.root.Remove(draft))
	}
	if err := f.root.Rename(draft, fileName(key)); err != nil {
		return errors.Join(fmt.Errorf("name a cover: %w", err), f.root.Remove(draft))
	}
	return f.sync(".")
}

func (f *folder) write(name string, content []byte) error {
	if err := f.root.WriteFile(name, content, 0o644); err != nil {
		return err
	}
	return f.sync(name)
}

// sync waits until a file, or the list of the folder's files, is on the disk.
func (f *folder) sync(name string) error {
	file, err := f.root.Open(name)
	if err != nil {
		return fmt.Errorf("open a cover: %w", err)
	}
	defer file.Close()
	if err := file.Sync(); err != nil {
		return fmt.Errorf("sync a cover: %w", err)
	}
	return nil
}

// Get implements catalog.Pictures.
func (f *folder) Get(_ context.Context, key string) ([]byte, error) {
	if err := checkKey(key); err != nil {
		return nil, err
	}
	jpeg, err := f.root.ReadFile(fileName(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, catalog.ErrCoverNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read a cover: %w", err)
	}
	return jpeg, nil
}
