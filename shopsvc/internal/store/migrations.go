package store

import (
	"embed"
	"io/fs"
)

//go:embed migrations
var files embed.FS

// Migrations holds the schema's history, one folder per database.
var Migrations = func() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return sub
}()
