package api

import (
	"context"
	"net/http"

	"bookstore/shared/page"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

// Letters is the outbox as it is read.
type Letters interface {
	Letters(ctx context.Context, limit int, cursor string) (page.Page[shop.Letter], error)
}

func (h *handler) routeMails(api huma.API) {
	huma.Register(api, op(http.MethodGet, "/v1/admin/mails", "list-mails", "List the shop's mails"), h.mails)
}

func (h *handler) mails(ctx context.Context, in *shopapi.MailQuery) (*body[shopapi.Mails], error) {
	if err := shop.RequireAdmin(caller(ctx)); err != nil {
		return nil, err
	}
	letters, err := h.letters.Letters(ctx, in.Limit, in.Cursor)
	if err != nil {
		return nil, err
	}
	return answer(page.Map(letters, func(l shop.Letter) shopapi.Mail {
		return shopapi.Mail{ID: l.MailID, To: l.To, Subject: l.Subject, Text: l.Text, CreatedAt: l.CreatedAt, SentAt: optionalTime(l.SentAt)}
	})), nil
}
