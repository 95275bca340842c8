package shopapi

import (
	"context"

	"bookstore/shared/auditapi"
)

// Audit returns a page of what admins changed of the shop; for admins.
func (c *Client) Audit(ctx context.Context, q auditapi.Query) (auditapi.Entries, error) {
	return auditapi.Read(ctx, c.http, "/v1/admin/audit", q)
}
