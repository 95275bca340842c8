package verify

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"fmt"

	"bookstore/shared/seal"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// addAuditLog adds the result of checkAudit on a database as it is now.
func (r *Report) addAuditLog(ctx context.Context, of *source, key seal.Key, whose string) error {
	now, err := of.snapshot(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", whose, err)
	}
	defer now.Close()
	result, err := checkAudit(ctx, now, key, whose)
	if err != nil {
		return fmt.Errorf("%s: %w", whose, err)
	}
	r.Results = append(r.Results, result)
	return nil
}

// checkAudit checks the seals of an audit log. Of each object it names the first
// entry that is not as it was written; what follows that one proves nothing.
func checkAudit(ctx context.Context, s *snapshot, key seal.Key, whose string) (Result, error) {
	result := Result{Rule: "audit log of " + whose + " intact", Things: "entries"}
	var chain auditChain
	end := func() {
		if fault := chain.atEnd(); fault != "" {
			result.addf("%s: %s", chain.object, fault)
		}
	}
	err := each(ctx, s, auditEntries(), func(row *sql.Rows) error {
		e, err := scanAudited(row)
		if err != nil {
			return err
		}
		if object := e.Object + " " + e.ObjectID; object != chain.object {
			end()
			chain = auditChain{object: object, seq: e.headSeq, mac: e.headMAC}
		}
		if e.mac != "" {
			result.Counted++
			chain.add(key, e)
		}
		return nil
	})
	if err != nil {
		return result, fmt.Errorf("read the audit log: %w", err)
	}
	end()
	stray := sq.Select("e.object", "e.object_id", "e.seq").From("audit_entries e").
		LeftJoin("audit_heads h ON h.object = e.object AND h.object_id = e.object_id").Where("h.seq IS NULL").OrderBy("e.id")
	err = each(ctx, s, stray, func(row *sql.Rows) error {
		var object, id string
		var seq int64
		err := row.Scan(&object, &id, &seq)
		result.addf("%s %s: nothing says how many entries there are, but entry %d is there", object, id, seq)
		return err
	})
	if err != nil {
		return result, fmt.Errorf("read the audit log: %w", err)
	}
	return result, nil
}

// auditChain is the entries of one object so far.
type auditChain struct {
	object string
	seq    int64  // how many were written
	mac    string // of the last that was written

	n     int64
	last  string
	fault string // the first
}

// add goes on to the next entry.
func (c *auditChain) add(key seal.Key, e audited) {
	if c.fault == "" {
		c.fault = c.faultOf(key, e)
	}
	c.n, c.last = e.Seq, e.mac
}

func (c *auditChain) faultOf(key seal.Key, e audited) string {
	switch {
	case e.Seq != c.n+1:
		return fmt.Sprintf("entry %d is missing before entry %d", c.n+1, e.Seq)
	case !hmac.Equal([]byte(e.mac), []byte(key.SealEntry(c.last, e.Entry))):
		return fmt.Sprintf("entry %d (%s by %s %d) was altered", e.Seq, e.Action, e.Actor, e.ActorID)
	case seal.CheckNote(e.BeforeDigest, e.salt, e.before) != nil, seal.CheckNote(e.AfterDigest, e.salt, e.after) != nil:
		return fmt.Sprintf("the values of entry %d were altered", e.Seq)
	case seal.CheckNote(e.AddressDigest, e.addressSalt, e.address) != nil:
		return fmt.Sprintf("the address of entry %d was altered", e.Seq)
	}
	return ""
}

// atEnd returns what is wrong with the whole chain, or nothing.
func (c *auditChain) atEnd() string {
	switch {
	case c.fault != "" || c.object == "":
		return c.fault
	case c.n < c.seq:
		return fmt.Sprintf("entry %d is missing, %d were written", c.n+1, c.seq)
	case c.n > c.seq:
		return fmt.Sprintf("entry %d was added, %d were written", c.seq+1, c.seq)
	case c.last != c.mac:
		return fmt.Sprintf("its last seal is not that of entry %d", c.n)
	}
	return ""
}

// audited is an entry with its words, its seal, and what is known of its chain.
type audited struct {
	seal.Entry
	before, after, salt  string
	address, addressSalt string
	mac                  string // empty: the chain has no entry
	headSeq              int64
	headMAC              string
}

// auditEntries selects every chain with its entries in their order.
func auditEntries() sq.SelectBuilder {
	return sq.Select("h.object", "h.object_id", "h.seq", "h.hmac",
		"e.seq", "e.at", "e.actor", "e.actor_id", "e.action", "e.old_values", "e.new_values", "e.values_salt",
		"e.address", "e.address_salt", "e.old_digest", "e.new_digest", "e.address_digest", "e.hmac").
		From("audit_heads h").LeftJoin("audit_entries e ON e.object = h.object AND e.object_id = h.object_id").
		OrderBy("h.object", "h.object_id", "e.seq")
}

func scanAudited(row *sql.Rows) (audited, error) {
	var e audited
	var seq, at, actorID sql.NullInt64
	var actor, action, before, after, salt, address, addressSalt, oldDigest, newDigest, addressDigest, mac sql.NullString
	err := row.Scan(&e.Object, &e.ObjectID, &e.headSeq, &e.headMAC,
		&seq, &at, &actor, &actorID, &action, &before, &after, &salt,
		&address, &addressSalt, &oldDigest, &newDigest, &addressDigest, &mac)
	e.Seq, e.At, e.Actor, e.ActorID, e.Action = seq.Int64, sqldb.FromMicros(at.Int64), actor.String, actorID.Int64, action.String
	e.before, e.after, e.salt, e.address, e.addressSalt = before.String, after.String, salt.String, address.String, addressSalt.String
	e.BeforeDigest, e.AfterDigest, e.AddressDigest, e.mac = oldDigest.String, newDigest.String, addressDigest.String, mac.String
	return e, err
}
