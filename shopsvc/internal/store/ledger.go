package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"bookstore/shared/audit"
	"bookstore/shared/idempotency"
	"bookstore/shared/idempotency/keystore"
	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// insertPostings writes o's new postings with their entries.
func insertPostings(ctx context.Context, tx *sqldb.Tx, o *shop.Order) error {
	if len(o.Changes.Postings) == 0 {
		return nil
	}
	postings := sq.Insert("postings").Columns("order_id", "seq", "event_seq", "kind", "at", "hmac")
	entries := sq.Insert("ledger_entries").Columns("order_id", "seq", "position", "account", "seller_id", "shipment_id", "amount")
	for _, p := range o.Changes.Postings {
		postings = postings.Values(o.ID, p.Seq, p.EventSeq, p.Kind, sqldb.Micros(p.At), p.MAC)
		for i, e := range p.Entries {
			entries = entries.Values(o.ID, p.Seq, i, e.Account, e.SellerID, e.ShipmentID, e.Amount)
		}
	}
	if _, err := sqldb.Exec(ctx, tx, postings); err != nil {
		return fmt.Errorf("insert postings: %w", err)
	}
	if _, err := sqldb.Exec(ctx, tx, entries); err != nil {
		return fmt.Errorf("insert entries: %w", err)
	}
	return nil
}

// settleCommissions writes the commissions of shipments that had none.
func settleCommissions(ctx context.Context, tx *sqldb.Tx, shipments []*shop.Shipment) error {
	for _, s := range shipments {
		update := sq.Update("shipments").Set("commission", s.Commission.Amount).Set("commission_tax", s.Commission.Tax).
			Where(sq.Eq{"id": s.ID, "commission": nil})
		if err := guarded(ctx, tx, update, shop.ErrOvertaken); err != nil {
			return fmt.Errorf("settle commission: %w", err)
		}
	}
	return nil
}

// Balance implements shop.LedgerStore.
func (s *Store) Balance(ctx context.Context, sellerID int64) (shop.Balance, error) {
	type sum struct {
		account shop.Account
		amount  int64
	}
	sums, err := sqldb.QueryAll(ctx, s.db.Writer(), sq.Select("account", "SUM(amount)").From("ledger_entries").
		Where(sq.Eq{"seller_id": sellerID}).GroupBy("account"), func(row sqldb.Row) (sum, error) {
		var s sum
		err := row.Scan(&s.account, &s.amount)
		return s, err
	})
	if err != nil {
		return shop.Balance{}, fmt.Errorf("sum entries: %w", err)
	}
	var balance shop.Balance
	for _, s := range sums {
		switch s.account {
		case shop.AccountPending:
			balance.Pending = -s.amount
		case shop.AccountAvailable:
			balance.Available = -s.amount
		}
	}
	return balance, nil
}

// Unposted implements shop.LedgerStore.
func (s *Store) Unposted(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return sqldb.QueryAll(ctx, s.db.Writer(), sq.Select("id").From("orders").
		Where(sq.Gt{"unposted": 0}).Where(sq.Lt{"lease_until": sqldb.Micros(now)}).Limit(uint64(limit)), scanText)
}

// DueReleases implements shop.LedgerStore.
func (s *Store) DueReleases(ctx context.Context, now time.Time, limit int) ([]string, error) {
	return sqldb.QueryAll(ctx, s.db.Writer(), sq.Select("order_id").From("shipments").
		Where(sq.LtOrEq{"release_at": sqldb.Micros(now)}).OrderBy("release_at").Limit(uint64(limit)), scanText)
}

// CommissionRules implements shop.LedgerStore.
func (s *Store) CommissionRules(ctx context.Context) ([]shop.CommissionRule, error) {
	return sqldb.QueryAll(ctx, s.db.Writer(), selectRules().OrderBy("id DESC"), scanRule)
}

func selectRules() sq.SelectBuilder {
	return sq.Select("id", "seller_id", "basis_points", "fixed", "minimum", "tax_basis_points", "on_delivery", "starts_at", "ends_at").
		From("commission_rules")
}

func scanRule(row sqldb.Row) (shop.CommissionRule, error) {
	var r shop.CommissionRule
	var starts int64
	var ends sql.NullInt64
	err := row.Scan(&r.ID, &r.SellerID, &r.BasisPoints, &r.Fixed, &r.Minimum, &r.TaxBasisPoints, &r.OnDelivery, &starts, &ends)
	r.Starts, r.Ends = sqldb.FromMicros(starts), fromInstant(ends)
	return r, err
}

// InsertCommissionRule implements shop.LedgerStore.
func (s *Store) InsertCommissionRule(ctx context.Context, by shop.Actor, request idempotency.Request, r shop.CommissionRule, at time.Time) (int64, error) {
	id, _, err := keystore.Once(ctx, s.db, request, at, func(ctx context.Context, tx *sqldb.Tx) (int64, error) {
		id, err := sqldb.InsertID(ctx, tx, sq.Insert("commission_rules").
			Columns("seller_id", "basis_points", "fixed", "minimum", "tax_basis_points", "on_delivery", "starts_at", "ends_at").
			Values(r.SellerID, r.BasisPoints, r.Fixed, r.Minimum, r.TaxBasisPoints, r.OnDelivery, sqldb.Micros(r.Starts), instant(r.Ends)))
		if err != nil {
			return 0, err
		}
		return id, s.logRule(ctx, tx, by, audit.Added, id, nil, valuesOfRule(r), at)
	})
	return id, err
}

// EndCommissionRule implements shop.LedgerStore.
func (s *Store) EndCommissionRule(ctx context.Context, by shop.Actor, id int64, ends, at time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		rule, err := sqldb.QueryOne(ctx, tx, selectRules().Where(sq.Eq{"id": id}), scanRule)
		if err != nil {
			return found(err)
		}
		end := sq.Update("commission_rules").Set("ends_at", sqldb.Micros(ends)).Where(sq.Eq{"id": id}).
			Where(sq.Or{sq.Eq{"ends_at": nil}, sq.Gt{"ends_at": sqldb.Micros(ends)}})
		if err := guarded(ctx, tx, end, shop.ErrNotFound); err != nil {
			return err
		}
		before := valuesOfRule(rule)
		rule.Ends = ends
		return s.logRule(ctx, tx, by, audit.Changed, id, before, valuesOfRule(rule), at)
	})
}

// logRule writes into the audit log what was done to a commission rule.
func (s *Store) logRule(ctx context.Context, tx *sqldb.Tx, by shop.Actor, action string, id int64, before, after audit.Values, at time.Time) error {
	return s.log.Append(ctx, tx, at, audit.Change{
		Actor: audit.Actor(by), Object: audit.CommissionRule, ObjectID: strconv.FormatInt(id, 10), Action: action,
		Before: before, After: after,
	})
}

func valuesOfRule(r shop.CommissionRule) audit.Values {
	values := audit.Values{
		"seller_id": strconv.FormatInt(r.SellerID, 10), "basis_points": strconv.FormatInt(r.BasisPoints, 10),
		"fixed": strconv.FormatInt(r.Fixed, 10), "minimum": strconv.FormatInt(r.Minimum, 10),
		"tax_basis_points": strconv.FormatInt(r.TaxBasisPoints, 10), "on_delivery": strconv.FormatBool(r.OnDelivery),
		"starts_at": r.Starts.Format(time.RFC3339),
	}
	if !r.Ends.IsZero() {
		values["ends_at"] = r.Ends.Format(time.RFC3339)
	}
	return values
}
