package api

import (
	"context"

	"bookstore/shared/authapi"
	"bookstore/shared/jsonapi"
	"bookstore/shared/mail"
	"bookstore/shared/page"

	"github.com/danielgtaylor/huma/v2"
)

// Mails is the outbox as admins see it.
type Mails interface {
	List(ctx context.Context, limit int, cursor string) (page.Page[mail.Composed], error)
	SendAgain(ctx context.Context, id int64) error
}

func (h *handler) registerMails(api huma.API) {
	jsonapi.Handle(api, "GET /v1/users/mails", "list-account-mails", "List the mails about accounts (admins)", h.listMails, jsonapi.Authenticated)
	jsonapi.Handle(api, "POST /v1/users/mails/{id}/resend", "resend-account-mail", "Send a mail about an account again (admins)", h.resendMail, jsonapi.Authenticated)
}

func (h *handler) listMails(ctx context.Context, in *authapi.MailQuery) (*jsonapi.Body[authapi.Mails], error) {
	if err := h.auth.RequireAdmin(ctx, caller(ctx)); err != nil {
		return nil, err
	}
	mails, err := h.mails.List(ctx, in.Limit, in.Cursor)
	return jsonapi.Answer(mails, err, toMails)
}

func (h *handler) resendMail(ctx context.Context, in *struct {
	ID int64 `path:"id" minimum:"1"`
}) (*struct{}, error) {
	if err := h.auth.RequireAdmin(ctx, caller(ctx)); err != nil {
		return nil, err
	}
	return nil, h.mails.SendAgain(ctx, in.ID)
}
