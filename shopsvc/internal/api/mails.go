package api

import (
	"context"

	"bookstore/shared/jsonapi"
	"bookstore/shared/mail"
	"bookstore/shared/page"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

// Mails is the outbox as admins see it.
type Mails interface {
	// Sends reports whether there is a mail server.
	Sends() bool
	List(ctx context.Context, limit int, cursor string) (page.Page[mail.Composed], error)
	SendAgain(ctx context.Context, id int64) error
}

func (h *handler) registerMails(api huma.API) {
	jsonapi.Handle(api, "GET /v1/admin/mails", "list-mails", "List the shop's mails (admins)", h.listMails, jsonapi.Authenticated)
	jsonapi.Handle(api, "POST /v1/admin/mails/{id}/resend", "resend-mail", "Send a mail again (admins)", h.resendMail, jsonapi.Authenticated)
}

func (h *handler) listMails(ctx context.Context, in *shopapi.MailQuery) (*jsonapi.Body[shopapi.Mails], error) {
	if err := shop.RequireAdmin(caller(ctx)); err != nil {
		return nil, err
	}
	mails, err := h.mails.List(ctx, in.Limit, in.Cursor)
	return jsonapi.Answer(mails, err, toMails)
}

func (h *handler) resendMail(ctx context.Context, in *struct {
	ID int64 `path:"id" minimum:"1"`
}) (*struct{}, error) {
	if err := shop.RequireAdmin(caller(ctx)); err != nil {
		return nil, err
	}
	return nil, h.mails.SendAgain(ctx, in.ID)
}
