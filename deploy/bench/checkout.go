package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"bookstore/deploy/internal/cluster"
)

const (
	fewBuyers  = 8
	manyBuyers = 200
)

// checkouts measures checkouts from the cart to the captured payment, beside as
// many commits of the database alone, and what they ask of the database.
func checkouts(ctx context.Context, s *shop) error {
	counted := &counting{s: s}
	r, err := s.compare(ctx, fmt.Sprintf("checkout, %d buyers", fewBuyers), counted.trade, s.commits.committing(fewBuyers))
	if err != nil {
		return err
	}
	r.Note = fmt.Sprintf("%.1f commits each, those of mails and workers among them; the yardstick makes as many", counted.each())
	s.add(r)
	if s.place.statements != nil {
		if err := s.countStatements(ctx); err != nil {
			return err
		}
	}
	if s.o.buyers < manyBuyers {
		return nil
	}
	r, err = s.compare(ctx, fmt.Sprintf("checkout, %d buyers beside %d", manyBuyers, fewBuyers), longer(4, s.market.trading(manyBuyers)), s.market.trading(fewBuyers))
	if err != nil {
		return err
	}
	r.CPU = 0 // that of the few is in it
	s.add(r)
	return nil
}

// counting lets few buyers trade and counts the commits of it, which are what
// the databases alone have to make next.
type counting struct {
	s                  *shop
	commits, checkouts int64
}

func (c *counting) trade(ctx context.Context, d time.Duration) (tally, error) {
	before, err := c.s.place.commits(ctx)
	if err != nil {
		return tally{}, err
	}
	t, err := c.s.market.trade(ctx, fewBuyers, d)
	if err != nil {
		return t, err
	}
	after, err := c.s.place.commits(ctx)
	if err != nil {
		return t, err
	}
	if len(t.times) == 0 {
		return t, errors.New("no checkout came to its end")
	}
	c.checkouts += int64(len(t.times))
	for i := range after {
		n := after[i] - before[i]
		c.commits += n
		c.s.commits.shares[i] = max(1, int64(math.Round(float64(n)/float64(len(t.times)))))
	}
	return t, nil
}

func (c *counting) each() float64 { return float64(c.commits) / float64(c.checkouts) }

// countStatements counts, by the tables that they name, what checkouts ask of
// MariaDB. The same statements go to SQLite.
func (s *shop) countStatements(ctx context.Context) error {
	if err := s.place.statements.begin(ctx); err != nil {
		return err
	}
	t, err := s.market.trade(ctx, fewBuyers/2, s.o.slice)
	if err != nil {
		return err
	}
	counts, err := s.place.statements.end(ctx)
	if err != nil {
		return err
	}
	n := float64(max(1, len(t.times)))
	var statements, commits string
	for _, owner := range owners {
		if owner == ownOrder {
			continue
		}
		statements += fmt.Sprintf(", %s %.1f", owner, float64(counts[owner].statements)/n)
		commits += fmt.Sprintf(", %s %.1f", owner, float64(counts[owner].commits)/n)
	}
	own := counts[ownOrder]
	s.add(
		result{Work: "statements on the order's own tables", Value: float64(own.statements) / n, Unit: "each", Note: "beside them" + statements[1:]},
		result{Work: "commits of the order's own tables", Value: float64(own.commits) / n, Unit: "each", Note: "beside them" + commits[1:]},
	)
	return nil
}

// ownOrder is what the tables of orders, payments and shipments belong to.
const ownOrder = "order"

// owners are what statements are counted by, in the table's order.
var owners = []string{ownOrder, "cart", "sandbox", "mails", cluster.Catalog, cluster.Auth}
