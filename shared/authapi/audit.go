package authapi

import (
	"context"

	"bookstore/shared/auditapi"
)

// Audit returns a page of what admins and sellers changed of accounts; for
// admins.
func (c *Client) Audit(ctx context.Context, q auditapi.Query) (auditapi.Entries, error) {
	return auditapi.Read(ctx, c.http, "/v1/users/audit", q)
}
