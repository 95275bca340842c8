package api

import (
	"context"

	"bookstore/shared/auditapi"
	"bookstore/shared/jsonapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

// AuditLog is what admins changed.
type AuditLog interface {
	List(ctx context.Context, q auditapi.Query) (auditapi.Entries, error)
}

func (h *handler) registerAudit(api huma.API) {
	jsonapi.Handle(api, "GET /v1/admin/audit", "list-shop-changes", "List what admins changed of the shop (admins)", h.listAudit, jsonapi.Authenticated)
}

func (h *handler) listAudit(ctx context.Context, in *auditapi.Query) (*jsonapi.Body[auditapi.Entries], error) {
	if err := shop.RequireAdmin(caller(ctx)); err != nil {
		return nil, err
	}
	entries, err := h.audit.List(ctx, *in)
	return jsonapi.Answer(entries, err, func(e auditapi.Entries) auditapi.Entries { return e })
}
