package sqldb_test

import (
	"context"
	"io/fs"
	"testing"
	"testing/fstest"

	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// migrations make a table with a counter and a unique name.
var migrations = fstest.MapFS{
	"mysql/0001_items.sql": {Data: []byte(`-- +goose Up
CREATE TABLE items (
	id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
	name VARCHAR(100) NOT NULL UNIQUE,
	stock BIGINT NOT NULL CHECK (stock >= 0)
) DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
`)},
	"sqlite/0001_items.sql": {Data: []byte(`-- +goose Up
CREATE TABLE items (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	stock BIGINT NOT NULL CHECK (stock >= 0)
);
`)},
	"mysql/0002_first_item.sql":  {Data: []byte(firstItem)},
	"sqlite/0002_first_item.sql": {Data: []byte(firstItem)},
}

const firstItem = `-- +goose Up
INSERT INTO items (name, stock) VALUES ('first', 0);
`

func open(t *testing.T, url string, migrations fs.FS) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: url}, migrations)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func insert(t *testing.T, db *sqldb.DB, name string, stock int64) int64 {
	t.Helper()
	id, err := sqldb.InsertID(t.Context(), db.Writer(), insertItem(name, stock))
	if err != nil {
		t.Fatalf("insert %q: %v", name, err)
	}
	return id
}

func insertItem(name string, stock int64) sq.InsertBuilder {
	return sq.Insert("items").Columns("name", "stock").Values(name, stock)
}

func addStock(id, n int64) sq.UpdateBuilder {
	return sq.Update("items").Set("stock", sq.Expr("stock + ?", n)).Where(sq.Eq{"id": id})
}

func stockOf(ctx context.Context, t *testing.T, q sqldb.Querier, id int64) int64 {
	t.Helper()
	stock, err := sqldb.QueryOne(ctx, q, sq.Select("stock").From("items").Where(sq.Eq{"id": id}), scanInt)
	if err != nil {
		t.Fatalf("stock of %d: %v", id, err)
	}
	return stock
}

func scanInt(row sqldb.Row) (int64, error) {
	var n int64
	err := row.Scan(&n)
	return n, err
}

func scanString(row sqldb.Row) (string, error) {
	var s string
	err := row.Scan(&s)
	return s, err
}
