// Package verify checks that the books of the shop balance: that no copy was
// sold twice, no money was taken for nothing, nothing is stuck, and nobody has
// altered an order's history. It only reads, and may be run on a shop at work:
// it judges what must hold at every moment, so that an order in the middle of
// a step is no violation.
//
// Most rules are queries, kept with what they mean in books.go, orders.go,
// payments.go, history.go, ledger.go and sandbox.go. chain.go walks through the
// events, ledger.go through the postings, audit.go through the audit logs, reservations.go compares the two databases.
package verify

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bookstore/shared/seal"
)

// Databases says what to check, and how.
type Databases struct {
	// Catalog and Shop are the URLs of catalogsvc's and shopsvc's databases, as
	// sqldb.Config has them. They must name the writers: of two replicas, one
	// may lag behind the other.
	Catalog, Shop string
	// Auth is the URL of authsvc's. Its audit log is checked unless it is empty.
	Auth string
	// EventKey is the key under which the services seal events and audit logs.
	EventKey seal.Key
	// Sandbox says that every payment went through the sandbox gateway, so that
	// its charges must agree with the shop's payments.
	Sandbox bool
	// Stuck is how long an order may be overdue. Zero stands for ten minutes.
	Stuck time.Duration
	// Settle is how long to wait before a second look at what another company's
	// ledger may be ahead in for a moment. Zero stands for five seconds.
	Settle time.Duration
	// Now is the time by the shop's clock. Zero stands for this machine's.
	Now time.Time
}

func (d Databases) withDefaults() Databases {
	if d.Stuck == 0 {
		d.Stuck = 10 * time.Minute
	}
	if d.Settle == 0 {
		d.Settle = 5 * time.Second
	}
	if d.Now.IsZero() {
		d.Now = time.Now()
	}
	return d
}

// Check applies every rule and returns what it counted and found. An error
// says that it could not check; the databases then may be right or wrong.
func Check(ctx context.Context, dbs Databases) (Report, error) {
	dbs = dbs.withDefaults()
	if len(dbs.EventKey) == 0 {
		return Report{}, errors.New("the key of the events is missing")
	}
	catalog, err := open(ctx, dbs.Catalog, "books")
	if err != nil {
		return Report{}, fmt.Errorf("catalog: %w", err)
	}
	defer catalog.Close()
	shop, err := open(ctx, dbs.Shop, "orders")
	if err != nil {
		return Report{}, fmt.Errorf("shop: %w", err)
	}
	defer shop.Close()
	report, err := check(ctx, dbs, catalog, shop)
	if err != nil || dbs.Auth == "" {
		return report, err
	}
	auth, err := open(ctx, dbs.Auth, "users")
	if err != nil {
		return report, fmt.Errorf("accounts: %w", err)
	}
	defer auth.Close()
	return report, report.addAuditLog(ctx, auth, dbs.EventKey, "accounts")
}

func check(ctx context.Context, dbs Databases, catalog, shop *source) (Report, error) {
	views, err := look(ctx, catalog, shop)
	if err != nil {
		return Report{}, err
	}
	defer views.Close()

	var report Report
	if err := report.apply(ctx, views.stock, bookRules(dbs.Now)); err != nil {
		return report, fmt.Errorf("catalog: %w", err)
	}
	if err := report.apply(ctx, views.after, shopRules(dbs)); err != nil {
		return report, fmt.Errorf("shop: %w", err)
	}
	chain, err := checkChain(ctx, views.after, dbs.EventKey)
	if err != nil {
		return report, fmt.Errorf("shop: %w", err)
	}
	audit, err := checkAudit(ctx, views.after, dbs.EventKey, "the shop")
	if err != nil {
		return report, fmt.Errorf("shop: %w", err)
	}
	postings, err := checkPostings(ctx, views.after, dbs.EventKey)
	if err != nil {
		return report, fmt.Errorf("shop: %w", err)
	}
	report.Results = append(report.Results, chain, postings, audit)
	reservations, err := checkReservations(ctx, views)
	if err != nil {
		return report, fmt.Errorf("reservations: %w", err)
	}
	report.Results = append(report.Results, reservations...)
	if dbs.Sandbox {
		settled, err := checkSettled(ctx, shop, views.after, dbs.Settle, sandboxBooked)
		if err != nil {
			return report, fmt.Errorf("sandbox: %w", err)
		}
		report.Results = append(report.Results, settled)
	}
	return report, nil
}

func shopRules(dbs Databases) []rule {
	rules := append(orderRules(dbs.Now, dbs.Stuck), paymentRules()...)
	rules = append(rules, historyRules()...)
	rules = append(rules, ledgerRules(dbs.Now, dbs.Stuck)...)
	if dbs.Sandbox {
		rules = append(rules, sandboxRules()...)
	}
	return rules
}

// views are the two databases at three moments, the earliest first. The shop
// writes down what it is going to ask the catalog for before it asks, and
// what it got afterwards. So the catalog, seen in between, has done all that
// the shop has noted before, and nothing that it has not written down after.
type views struct {
	before, stock, after *snapshot
}

func look(ctx context.Context, catalog, shop *source) (v *views, err error) {
	v = &views{}
	defer func() {
		if err != nil {
			v.Close()
		}
	}()
	if v.before, err = shop.snapshot(ctx); err != nil {
		return v, fmt.Errorf("shop: %w", err)
	}
	if v.stock, err = catalog.snapshot(ctx); err != nil {
		return v, fmt.Errorf("catalog: %w", err)
	}
	if v.after, err = shop.snapshot(ctx); err != nil {
		return v, fmt.Errorf("shop: %w", err)
	}
	return v, nil
}

// Close ends the snapshots that were taken.
func (v *views) Close() {
	for _, s := range []*snapshot{v.before, v.stock, v.after} {
		if s != nil {
			s.Close()
		}
	}
}
