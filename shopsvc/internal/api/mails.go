package api

import (
	"context"

	"bookstore/shared/jsonapi"
	"bookstore/shared/page"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

// Mails is the outbox as it is read.
type Mails interface {
	Letters(ctx context.Context, limit int, cursor string) (page.Page[shop.Letter], error)
}

func (h *handler) registerMails(api huma.API) {
	jsonapi.Handle(api, "GET /v1/admin/mails", "list-mails", "List the shop's mails (admins)", h.listMails, jsonapi.Authenticated)
}

func (h *handler) listMails(ctx context.Context, in *shopapi.MailQuery) (*jsonapi.Body[shopapi.Mails], error) {
	if err := shop.RequireAdmin(caller(ctx)); err != nil {
		return nil, err
	}
	mails, err := h.mails.Letters(ctx, in.Limit, in.Cursor)
	return jsonapi.Answer(mails, err, toMails)
}
