package verify

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"bookstore/shared/sqldb"
)

// corruption is one way to corrupt an honest bookstore by hand.
type corruption struct {
	rule    string // that is broken
	catalog string // the statement that breaks it,
	shop    string // in either database,
	auth    string // or in that of accounts
	want    string // what the violation says, that names the row
}

var corruptions = slices.Concat(bookCorruptions, orderCorruptions, paymentCorruptions, historyCorruptions, ledgerCorruptions, auditCorruptions, reservationCorruptions)

func TestEachRuleNamesWhatWasCorrupted(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bookstore) {
		b.tell()
		b.dropGuards()
		catalog, shop, auth := dump(t, b.catalog, catalogTables), dump(t, b.shop, shopTables), dump(t, b.auth, auditTables)
		for _, s := range corruptions {
			b.corrupt(b.catalog, s.catalog)
			b.corrupt(b.shop, s.shop)
			b.corrupt(b.auth, s.auth)
			report, err := Check(t.Context(), b.urls)
			if err != nil {
				t.Fatalf("%s: %v", s.rule, err)
			}
			says := func(violation string) bool { return strings.Contains(violation, s.want) }
			if got := resultOf(t, report, s.rule).Examples; !slices.ContainsFunc(got, says) {
				t.Errorf("%s: got %q, want %q", s.rule, got, s.want)
			}
			catalog.restore(b, b.catalog)
			shop.restore(b, b.shop)
			auth.restore(b, b.auth)
		}
		report, err := Check(t.Context(), b.urls)
		if err != nil || !report.OK() {
			t.Errorf("restored: got %v and\n%s", err, report)
		}
	})
}

func TestAnErasedNoteBreaksNoChain(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bookstore) {
		b.tell()
		b.corrupt(b.shop, "UPDATE order_events SET note = NULL, note_salt = NULL")
		b.corrupt(b.shop, "UPDATE audit_entries SET old_values = NULL, new_values = NULL, values_salt = NULL, address = NULL, address_salt = NULL")
		if report, err := Check(t.Context(), b.urls); err != nil || !report.OK() {
			t.Errorf("got %v and\n%s", err, report)
		}
	})
}

func TestEveryRuleHasBeenSeenToFail(t *testing.T) {
	onBoth(t, func(t *testing.T, b *bookstore) {
		report, err := Check(t.Context(), b.urls)
		if err != nil {
			t.Fatal(err)
		}
		for _, result := range report.Results {
			if !slices.ContainsFunc(corruptions, func(s corruption) bool { return s.rule == result.Rule }) {
				t.Errorf("%s: nothing breaks it", result.Rule)
			}
		}
	})
}

// dropGuards takes off the databases' own guards, which prevent some of what
// the rules look for.
func (b *bookstore) dropGuards() {
	b.t.Helper()
	guards := map[*sqldb.DB][]string{
		b.catalog: {
			"ALTER TABLE books DROP CONSTRAINT books_stock",
			"ALTER TABLE reservation_lines DROP CONSTRAINT reservation_lines_restocked",
		},
		b.shop: {
			"ALTER TABLE orders DROP INDEX orders_key",
			"ALTER TABLE orders DROP CONSTRAINT orders_total",
			"ALTER TABLE orders DROP CONSTRAINT orders_refunded",
			"ALTER TABLE shipments DROP CONSTRAINT shipments_total",
		},
	}
	if b.shop.Dialect() == sqldb.SQLite {
		guards = map[*sqldb.DB][]string{b.shop: {"DROP INDEX orders_key"}} // withoutGuards does the rest
	}
	for db, statements := range guards {
		for _, statement := range statements {
			if _, err := db.Writer().ExecContext(b.t.Context(), statement); err != nil {
				b.t.Fatalf("%s: %v", statement, err)
			}
		}
	}
}

// corrupt runs a statement, which must change something.
func (b *bookstore) corrupt(db *sqldb.DB, statement string) {
	b.t.Helper()
	if statement == "" {
		return
	}
	err := b.withoutGuards(db, func(ctx context.Context, tx sqldb.Querier) error {
		result, err := tx.ExecContext(ctx, statement)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return fmt.Errorf("changed %d rows: %w", n, err)
		}
		return nil
	})
	if err != nil {
		b.t.Fatalf("%s: %v", statement, err)
	}
}

// withoutGuards runs a transaction that foreign keys do not stop, nor SQLite's
// checks, which only a connection of its own can do without.
func (b *bookstore) withoutGuards(db *sqldb.DB, do func(context.Context, sqldb.Querier) error) error {
	ctx := b.t.Context()
	if db.Dialect() == sqldb.MySQL {
		return db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			if _, err := tx.ExecContext(ctx, "SET foreign_key_checks = 0"); err != nil {
				return err
			}
			return do(ctx, tx)
		})
	}
	file := strings.TrimPrefix(map[*sqldb.DB]string{b.catalog: b.urls.Catalog, b.shop: b.urls.Shop, b.auth: b.urls.Auth}[db], "sqlite:")
	unguarded, err := sql.Open("sqlite", "file:"+file+"?_pragma=foreign_keys(0)&_pragma=ignore_check_constraints(1)")
	if err != nil {
		return err
	}
	defer unguarded.Close()
	tx, err := unguarded.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // does nothing after Commit
	if err := do(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

var (
	catalogTables = map[string]string{
		// All but the column that the database computes.
		"books": `id, version, seller_id, title, sort_title, authors, isbn, description, category, language,
			publisher, published_year, copy_condition, price, sku, stock, created_at, updated_at, delisted_at`,
		"reservations": "*", "reservation_lines": "*", "restocks": "*", "stock_moves": "*",
	}
	auditTables = map[string]string{"audit_entries": "*", "audit_heads": "*"}
	shopTables  = map[string]string{
		"orders": `id, number, buyer_id, idempotency_key, body_hash, state, stock, ending, end_reason, end_code, end_note, from_cart,
			cart_taken, address, language, currency, subtotal, delivery_total, total, captured, refunded, placed_at, expires_at, paid_at,
			next_at, lease_until, attempts, version, event_seq, event_mac, posted_seq, posting_seq, posting_mac`,
		"postings": "*", "ledger_entries": "*",
		"shipments": "*", "order_lines": "*", "payments": "*", "refunds": "*",
		"order_events": "*", "sandbox_charges": "*", "sandbox_refunds": "*",
		"audit_entries": "*", "audit_heads": "*",
	}
)

// copies are the statements that write the rows of each table again.
type copies []statement

type statement struct {
	text string
	args []any
}

func dump(t *testing.T, db *sqldb.DB, tables map[string]string) copies {
	t.Helper()
	var all copies
	for table, columns := range tables {
		all = append(all, statement{text: "DELETE FROM " + table})
		rows, err := db.Writer().QueryContext(t.Context(), "SELECT "+columns+" FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, inserts(t, table, rows)...)
	}
	return all
}

func inserts(t *testing.T, table string, rows *sql.Rows) copies {
	t.Helper()
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	text := "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (?" +
		strings.Repeat(", ?", len(columns)-1) + ")"
	var all copies
	for rows.Next() {
		values, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			into[i] = &values[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, value := range values {
			if text, ok := value.([]byte); ok {
				values[i] = string(text) // SQLite would store bytes as they are
			}
		}
		all = append(all, statement{text, values})
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

func (c copies) restore(b *bookstore, db *sqldb.DB) {
	b.t.Helper()
	err := b.withoutGuards(db, func(ctx context.Context, tx sqldb.Querier) error {
		for _, s := range c {
			if _, err := tx.ExecContext(ctx, s.text, s.args...); err != nil {
				return fmt.Errorf("%s: %w", s.text, err)
			}
		}
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}
