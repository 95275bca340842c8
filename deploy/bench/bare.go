package main

import (
	"context"
	"embed"
	"io/fs"
	"strings"
	"time"

	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

//go:embed migrations
var migrationFiles embed.FS

// body fills a row as well as an event of an order does.
var body = strings.Repeat("bookstore ", 20)

// bareCommits is databases without a shop.
type bareCommits struct {
	databases []*sqldb.DB
	shares    []int64 // of the commits of one checkout, by database
}

// openBare opens an empty database beside each of the shop's.
func openBare(ctx context.Context, urls []string) (*bareCommits, error) {
	migrations, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	b := &bareCommits{}
	for _, url := range urls {
		db, err := sqldb.Open(ctx, sqldb.Config{URL: url}, migrations)
		if err != nil {
			b.Close()
			return nil, err
		}
		b.databases = append(b.databases, db)
		b.shares = append(b.shares, 1)
	}
	return b, nil
}

// Close closes the databases.
func (b *bareCommits) Close() {
	for _, db := range b.databases {
		_ = db.Close() // nothing in it is of use
	}
}

// committing is a side in which so many clients at once do nothing but the
// commits of checkouts.
func (b *bareCommits) committing(clients int) side {
	return func(ctx context.Context, d time.Duration) (tally, error) {
		return atOnce(ctx, clients, d, func(ctx context.Context, _ int, end time.Time, seen *tally) error {
			for time.Now().Before(end) {
				start := time.Now()
				if err := b.round(ctx); err != nil {
					return err
				}
				seen.times = append(seen.times, time.Since(start))
			}
			return nil
		})
	}
}

// round commits once for each commit of a checkout, a row each time.
func (b *bareCommits) round(ctx context.Context) error {
	for i, db := range b.databases {
		for range b.shares[i] {
			err := db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
				_, err := sqldb.Exec(ctx, tx, sq.Insert("bare_rows").Columns("body").Values(body))
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}
