package verify

import (
	"context"

	"bookstore/shared/audit"
	"bookstore/shared/audit/auditstore"
	"bookstore/shared/sqldb"
)

// tellChanges has an admin change delivery provider 1 three times, and 2 once.
func (b *bookstore) tellChanges() {
	b.t.Helper()
	for i, c := range []struct{ id, from, to string }{{"1", "", "FedEx"}, {"1", "FedEx", "DHL"}, {"2", "", "UPS"}, {"1", "DHL", "Envia"}} {
		for object, db := range map[string]*sqldb.DB{audit.DeliveryProvider: b.shop, audit.User: b.auth} {
			err := db.Tx(b.t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				return auditstore.New(db, eventKey).Append(ctx, tx, start.Add(1), audit.Change{
					Actor: audit.Actor{Role: "admin", ID: int64(i + 1)}, Object: object, ObjectID: c.id, Action: audit.Changed,
					Before: audit.Values{"name": c.from}, After: audit.Values{"name": c.to},
				})
			})
			if err != nil {
				b.t.Fatal(err)
			}
		}
	}
}

const auditRule = "audit log of the shop intact"

var auditCorruptions = []corruption{
	{
		rule: auditRule,
		shop: "UPDATE audit_entries SET actor_id = 9 WHERE object_id = '1' AND seq = 2",
		want: "delivery_provider 1: entry 2 (changed by admin 9) was altered",
	}, {
		rule: auditRule,
		shop: "UPDATE audit_entries SET new_values = '{}' WHERE object_id = '1' AND seq = 1",
		want: "delivery_provider 1: the values of entry 1 were altered",
	}, {
		rule: auditRule,
		shop: "UPDATE audit_entries SET old_values = NULL WHERE object_id = '1' AND seq = 1",
		want: "delivery_provider 1: the values of entry 1 were altered",
	}, {
		rule: auditRule,
		shop: "UPDATE audit_entries SET address = '192.0.2.1' WHERE object_id = '2'",
		want: "delivery_provider 2: the address of entry 1 was altered",
	}, {
		rule: auditRule,
		shop: "DELETE FROM audit_entries WHERE object_id = '1' AND seq = 2",
		want: "delivery_provider 1: entry 2 is missing before entry 3",
	}, {
		rule: auditRule,
		shop: "DELETE FROM audit_entries WHERE object_id = '1' AND seq = 3",
		want: "delivery_provider 1: entry 3 is missing, 3 were written",
	}, {
		rule: auditRule,
		shop: "DELETE FROM audit_entries WHERE object_id = '2'",
		want: "delivery_provider 2: entry 1 is missing, 1 were written",
	}, {
		rule: auditRule,
		shop: "UPDATE audit_heads SET seq = 2 WHERE object_id = '1'",
		want: "delivery_provider 1: entry 3 was added, 2 were written",
	}, {
		rule: auditRule,
		shop: "UPDATE audit_heads SET hmac = '' WHERE object_id = '2'",
		want: "delivery_provider 2: its last seal is not that of entry 1",
	}, {
		rule: auditRule,
		shop: "DELETE FROM audit_heads WHERE object_id = '2'",
		want: "delivery_provider 2: nothing says how many entries there are, but entry 1 is there",
	}, {
		rule: accountsRule,
		auth: "UPDATE audit_entries SET at = at + 1 WHERE object_id = '2'",
		want: "user 2: entry 1 (changed by admin 3) was altered",
	},
}

const accountsRule = "audit log of accounts intact"
