package main

import (
	"context"
	"embed"
	"io/fs"
	"strings"
	"sync/atomic"
	"time"

	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
	"golang.org/x/sync/errgroup"
)

//go:embed migrations
var migrationFiles embed.FS

// body fills a row as well as an event of an order does.
var body = strings.Repeat("bookstore ", 20)

// bare is databases without a shop.
type bare struct {
	databases []*sqldb.DB
	shares    []int64 // of the commits of one checkout, by database
}

// openBare opens an empty database beside each of the shop's.
func openBare(ctx context.Context, urls []string) (*bare, error) {
	migrations, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return nil, err
	}
	b := &bare{}
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
func (b *bare) Close() {
	for _, db := range b.databases {
		_ = db.Close() // nothing in it is of use
	}
}

// commit commits as fast as so many clients at once can, for as long as is
// said, and returns how many commits there were and how long they took.
func (b *bare) commit(ctx context.Context, clients int, d time.Duration) (int64, time.Duration, error) {
	began := time.Now()
	var commits atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for range clients {
		group.Go(func() error {
			for time.Since(began) < d {
				n, err := b.round(ctx)
				if err != nil {
					return err
				}
				commits.Add(n)
			}
			return nil
		})
	}
	err := group.Wait()
	return commits.Load(), time.Since(began), err
}

// round commits once for each commit of a checkout, a row each time.
func (b *bare) round(ctx context.Context) (commits int64, err error) {
	for i, db := range b.databases {
		for range b.shares[i] {
			err := db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
				_, err := sqldb.Exec(ctx, tx, sq.Insert("bare_rows").Columns("body").Values(body))
				return err
			})
			if err != nil {
				return commits, err
			}
			commits++
		}
	}
	return commits, nil
}
