package store

import (
	"embed"
	"io/fs"
)

//go:embed migrations
var files embed.FS

// Migrations make the schema: mysql/*.sql and sqlite/*.sql.
var Migrations = sub(files, "migrations")

func sub(files fs.FS, folder string) fs.FS {
	inside, err := fs.Sub(files, folder)
	if err != nil {
		panic(err) // folder is a constant that is no valid path
	}
	return inside
}
