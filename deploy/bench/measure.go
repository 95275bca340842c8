package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/verify"
	"bookstore/shared/seal"
)

const (
	// turns is how often the shop and the database alone take turns, so that
	// what else happens on the machine meets both.
	turns  = 3
	warmUp = 2 * time.Second
)

// measure starts a shop on new databases of a kind and measures it.
func measure(ctx context.Context, o options, kind string) (r result, err error) {
	o.data = filepath.Join(o.data, kind)
	place, err := openPlace(ctx, kind, o.data)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	c, err := cluster.Start(ctx, cluster.Options{
		Bin: o.bin, Data: o.data, Databases: place.shop, Env: []string{"LOG_LEVEL=warn"},
	})
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	m, err := openMarket(ctx, c, o)
	if err != nil {
		return r, err
	}
	b, err := openBare(ctx, place.bare)
	if err != nil {
		return r, err
	}
	defer b.Close()
	if r, err = takeTurns(ctx, o, m, b, place); err != nil {
		return r, err
	}
	r.database = place.name
	return r, checkBooks(ctx, c)
}

// takeTurns measures the shop and the database alone in turn.
func takeTurns(ctx context.Context, o options, m *market, b *bare, p *place) (r result, err error) {
	if _, _, err := m.trade(ctx, warmUp); err != nil {
		return r, err
	}
	for range turns {
		before, err := p.commits(ctx)
		if err != nil {
			return r, err
		}
		checkouts, took, err := m.trade(ctx, o.time*2/3/turns)
		if err != nil {
			return r, err
		}
		after, err := p.commits(ctx)
		if err != nil {
			return r, err
		}
		r.checkouts = append(r.checkouts, checkouts...)
		r.took += took
		for i := range after {
			n := after[i] - before[i]
			r.commits += n
			b.shares[i] = int64(math.Round(float64(n) / float64(len(checkouts))))
		}
		commits, took, err := b.commit(ctx, o.buyers, o.time/3/turns)
		if err != nil {
			return r, fmt.Errorf("the database alone: %w", err)
		}
		r.bareCommits += commits
		r.bareTook += took
	}
	return r, nil
}

// checkBooks returns an error if a checkout was not what it should have been.
func checkBooks(ctx context.Context, c *cluster.Cluster) error {
	report, err := verify.Check(ctx, verify.Databases{
		Catalog: c.DatabaseURL(cluster.Catalog), Shop: c.DatabaseURL(cluster.Shop),
		EventKey: seal.Key(c.EventKey()), Sandbox: true,
	})
	if err != nil {
		return fmt.Errorf("check the books: %w", err)
	}
	if !report.OK() {
		return fmt.Errorf("the books do not balance:\n%s", report)
	}
	return nil
}
