// Package auditstore keeps an audit log in a service's database.
//
// A service makes the tables in a migration of its own, as in schema/mysql and
// schema/sqlite.
package auditstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"bookstore/shared/audit"
	"bookstore/shared/auditapi"
	"bookstore/shared/internal/client"
	"bookstore/shared/page"
	"bookstore/shared/seal"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// Log is the audit log in a database.
type Log struct {
	db  *sqldb.DB
	key seal.Key
}

// New returns the log in db, which seals entries under key.
func New(db *sqldb.DB, key seal.Key) Log { return Log{db, key} }

// Append writes a change into the log, in the transaction of the change and
// after it: so two changes of an object stand in the order in which they
// happened. A change that left everything as it was is not written.
func (l Log) Append(ctx context.Context, tx *sqldb.Tx, at time.Time, c audit.Change) error {
	if !c.Differs() {
		return nil
	}
	row, err := newRow(at, c, addressOf(ctx))
	if err != nil {
		return err
	}
	before, err := l.next(ctx, tx, &row.Entry)
	if err != nil {
		return err
	}
	row.mac = l.key.SealEntry(before, row.Entry)
	if _, err := sqldb.Exec(ctx, tx, row.insert()); err != nil {
		return fmt.Errorf("insert the audit entry: %w", err)
	}
	_, err = sqldb.Exec(ctx, tx, sq.Update("audit_heads").Set("hmac", row.mac).Where(head(row.Entry)))
	if err != nil {
		return fmt.Errorf("move the head of the audit log: %w", err)
	}
	return nil
}

// next takes the next place in the chain of e's object, and returns the seal of
// the entry before.
func (l Log) next(ctx context.Context, tx *sqldb.Tx, e *seal.Entry) (before string, err error) {
	step := sq.Update("audit_heads").Set("seq", sq.Expr("seq + 1")).Where(head(*e))
	n, err := sqldb.Exec(ctx, tx, step)
	if err == nil && n == 0 {
		first := sq.Insert("audit_heads").Columns("object", "object_id", "seq", "hmac").Values(e.Object, e.ObjectID, 0, "")
		if _, err = sqldb.Exec(ctx, tx, sqldb.Upsert(l.db.Dialect(), first, []string{"object", "object_id"}, nil)); err == nil {
			_, err = sqldb.Exec(ctx, tx, step)
		}
	}
	if err != nil {
		return "", fmt.Errorf("number the audit entry: %w", err)
	}
	query := sq.Select("seq", "hmac").From("audit_heads").Where(head(*e))
	return sqldb.QueryOne(ctx, tx, query, func(row sqldb.Row) (string, error) {
		err := row.Scan(&e.Seq, &before)
		return before, err
	})
}

func head(e seal.Entry) sq.Eq { return sq.Eq{"object": e.Object, "object_id": e.ObjectID} }

// row is an entry to be written.
type row struct {
	seal.Entry
	before, after, valuesSalt string
	address, addressSalt      string
	mac                       string
}

// addressOf returns the network address of who began what ctx is for, empty if it
// is not known.
func addressOf(ctx context.Context) string {
	if addr := client.From(ctx); addr.IsValid() {
		return addr.String()
	}
	return ""
}

func newRow(at time.Time, c audit.Change, address string) (*row, error) {
	before, err := json.Marshal(c.Before)
	if err != nil {
		return nil, fmt.Errorf("encode what was before: %w", err)
	}
	after, err := json.Marshal(c.After)
	if err != nil {
		return nil, fmt.Errorf("encode what is after: %w", err)
	}
	r := &row{before: string(before), after: string(after), valuesSalt: seal.NewSalt(), address: address, addressSalt: seal.NewSalt()}
	r.Entry = seal.Entry{
		Object: c.Object, ObjectID: c.ObjectID, At: at, Actor: c.Actor.Role, ActorID: c.Actor.ID, Action: c.Action,
		BeforeDigest:  seal.NoteDigest(r.valuesSalt, r.before),
		AfterDigest:   seal.NoteDigest(r.valuesSalt, r.after),
		AddressDigest: seal.NoteDigest(r.addressSalt, r.address),
	}
	return r, nil
}

func (r *row) insert() sq.InsertBuilder {
	return sq.Insert("audit_entries").
		Columns("object", "object_id", "seq", "at", "actor", "actor_id", "action",
			"old_values", "new_values", "values_salt", "address", "address_salt",
			"old_digest", "new_digest", "address_digest", "hmac").
		Values(r.Object, r.ObjectID, r.Seq, sqldb.Micros(r.At), r.Actor, r.ActorID, r.Action,
			r.before, r.after, r.valuesSalt, r.address, r.addressSalt,
			r.BeforeDigest, r.AfterDigest, r.AddressDigest, r.mac)
}

// List returns a page of the log, the latest entries first; it may lag behind
// unless ctx asks for fresh reads. It returns page.ErrCursor.
func (l Log) List(ctx context.Context, q auditapi.Query) (auditapi.Entries, error) {
	limit := page.Limit(q.Limit)
	query := sq.Select("id", "at", "actor", "actor_id", "address", "object", "object_id", "action", "old_values", "new_values").
		From("audit_entries").OrderBy("id DESC").Limit(uint64(limit + 1))
	if q.Cursor != "" {
		var before int64
		if err := page.Decode(q.Cursor, &before); err != nil {
			return auditapi.Entries{}, err
		}
		query = query.Where(sq.Lt{"id": before})
	}
	if q.ActorID != 0 {
		query = query.Where(sq.Eq{"actor_id": q.ActorID})
	}
	if q.Object != "" {
		query = query.Where(sq.Eq{"object": q.Object})
	}
	if q.ObjectID != "" {
		query = query.Where(sq.Eq{"object_id": q.ObjectID})
	}
	if !q.Since.IsZero() {
		query = query.Where(sq.GtOrEq{"at": sqldb.Micros(q.Since)})
	}
	if !q.Until.IsZero() {
		query = query.Where(sq.Lt{"at": sqldb.Micros(q.Until)})
	}
	entries, err := sqldb.QueryAll(ctx, l.db.Reader(ctx), query, scan)
	if err != nil {
		return auditapi.Entries{}, fmt.Errorf("list the audit log: %w", err)
	}
	return page.Cut(entries, limit, func(e auditapi.Entry) any { return e.ID })
}

func scan(row sqldb.Row) (auditapi.Entry, error) {
	e := auditapi.Entry{Before: audit.Values{}, After: audit.Values{}}
	var at int64
	var address, before, after sql.NullString
	if err := row.Scan(&e.ID, &at, &e.Actor, &e.ActorID, &address, &e.Object, &e.ObjectID, &e.Action, &before, &after); err != nil {
		return e, err
	}
	e.At, e.Address = sqldb.FromMicros(at), address.String
	if err := decode(before.String, &e.Before); err != nil {
		return e, err
	}
	err := decode(after.String, &e.After)
	return e, err
}

// decode reads values, unless they were erased.
func decode(text string, into *audit.Values) error {
	if text == "" {
		return nil
	}
	if err := json.Unmarshal([]byte(text), into); err != nil {
		return fmt.Errorf("decode an audit entry: %w", err)
	}
	return nil
}
