package store

import (
	"embed"
	"io/fs"
)

//go:embed migrations
var files embed.FS

// Migrations holds the schema: one folder for each database, twin files.
var Migrations = func() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // only a malformed path, above
	}
	return sub
}()
