package api

import (
	"context"

	"bookstore/shared/auditapi"
	"bookstore/shared/jsonapi"

	"github.com/danielgtaylor/huma/v2"
)

// AuditLog is what admins and sellers changed.
type AuditLog interface {
	List(ctx context.Context, q auditapi.Query) (auditapi.Entries, error)
}

func (h *handler) registerAudit(api huma.API) {
	jsonapi.Handle(api, "GET /v1/users/audit", "list-account-changes", "List what was changed of accounts by admins and sellers (admins)", h.listAudit, jsonapi.Authenticated)
}

func (h *handler) listAudit(ctx context.Context, in *auditapi.Query) (*jsonapi.Body[auditapi.Entries], error) {
	if err := h.auth.RequireAdmin(ctx, caller(ctx)); err != nil {
		return nil, err
	}
	entries, err := h.audit.List(ctx, *in)
	return jsonapi.Answer(entries, err, func(e auditapi.Entries) auditapi.Entries { return e })
}
