package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"bookstore/shared/mail"
	"bookstore/shared/mail/mailstore"
	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// outbox is the shop's table of mails. The columns of its own are all that the
// release before knew of a mail: that release reads them, and some rows have
// nothing else.
var outbox = mailstore.Table{Name: "outbox", Own: []string{"order_id", "shipment_id", "detail"}}

// insertMails queues the mails of o's changes. Buyers are written to in the
// language of their order.
func insertMails(ctx context.Context, tx *sqldb.Tx, o *shop.Order) error {
	if len(o.Changes.Mails) == 0 {
		return nil
	}
	drafts := make([]mailstore.Draft, len(o.Changes.Mails))
	for i, m := range o.Changes.Mails {
		facts, err := json.Marshal(m.Facts)
		if err != nil {
			return fmt.Errorf("encode facts of a mail: %w", err)
		}
		drafts[i] = mailstore.Draft{
			Kind: string(m.Kind), UserID: m.UserID, Facts: facts,
			Own: []any{o.ID, m.ShipmentID, formerDetail(m)},
		}
		if m.UserID == o.BuyerID {
			drafts[i].Language = o.Language
		}
	}
	return outbox.Insert(ctx, tx, o.Changes.Events[0].At, drafts...)
}

// formerDetail returns what the release before says of a mail besides its order.
func formerDetail(m shop.Mail) string {
	switch m.Kind {
	case shop.MailCancelled, shop.MailCalledOff:
		return string(m.Facts.Code)
	case shop.MailRejected:
		return m.Facts.Note
	case shop.MailDispatched:
		return m.Facts.Tracking
	case shop.MailTransfer:
		return m.Facts.Reference
	case shop.MailRefunded:
		return strconv.FormatInt(m.Facts.Amount, 10)
	}
	return ""
}

// Outbox is the mail.Store of the shop. It gives the mails of the release
// before, which have no facts, those of their orders.
type Outbox struct {
	*mailstore.Store
	db *sqldb.DB
}

var _ mail.Store = (*Outbox)(nil)

// NewOutbox returns the outbox in db, which has been opened with Migrations.
func NewOutbox(db *sqldb.DB) *Outbox { return &Outbox{mailstore.New(db, outbox), db} }

// Due implements mail.Store.
func (b *Outbox) Due(ctx context.Context, now time.Time, limit int) ([]mail.Entry, error) {
	entries, err := b.Store.Due(ctx, now, limit)
	if err != nil {
		return nil, err
	}
	return entries, b.addFacts(ctx, entries)
}

// List implements mail.Store.
func (b *Outbox) List(ctx context.Context, before int64, limit int) ([]mail.Entry, error) {
	entries, err := b.Store.List(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	return entries, b.addFacts(ctx, entries)
}

// addFacts gives the entries that lack them their facts, for all of them at once.
func (b *Outbox) addFacts(ctx context.Context, entries []mail.Entry) error {
	var ids []int64
	for _, e := range entries {
		if len(e.Facts) == 0 {
			ids = append(ids, e.ID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	former, err := b.former(ctx, ids)
	if err != nil {
		return err
	}
	for i, e := range entries {
		f, ok := former[e.ID]
		if !ok {
			continue
		}
		m := shop.Mail{Kind: shop.MailKind(e.Kind), UserID: e.UserID, ShipmentID: f.shipmentID}
		if entries[i].Facts, err = json.Marshal(shop.FormerMailFacts(f.order, m, f.detail)); err != nil {
			return fmt.Errorf("encode facts of a mail: %w", err)
		}
		if e.Language == "" && e.UserID == f.order.BuyerID {
			entries[i].Language = f.order.Language
		}
	}
	return nil
}

// formerMail is a mail as the release before wrote it.
type formerMail struct {
	id                          int64
	orderID, shipmentID, detail string
	order                       *shop.Order
}

func (b *Outbox) former(ctx context.Context, ids []int64) (map[int64]formerMail, error) {
	mails, err := sqldb.QueryAll(ctx, b.db.Writer(),
		sq.Select("id", "order_id", "shipment_id", "detail").From(outbox.Name).Where(sq.Eq{"id": ids}),
		func(row sqldb.Row) (m formerMail, err error) {
			err = row.Scan(&m.id, &m.orderID, &m.shipmentID, &m.detail)
			return m, err
		})
	if err != nil {
		return nil, fmt.Errorf("read mails without facts: %w", err)
	}
	orderIDs := make([]string, len(mails))
	for i, m := range mails {
		orderIDs[i] = m.orderID
	}
	orders, err := ordersByID(ctx, b.db.Writer(), orderIDs)
	if err != nil {
		return nil, fmt.Errorf("read orders of mails without facts: %w", err)
	}
	found := map[int64]formerMail{}
	for _, m := range mails {
		if m.order = orders[m.orderID]; m.order != nil {
			found[m.id] = m
		}
	}
	return found, nil
}

// MailsWaiting returns how many mails are still to be sent, by kind.
func (b *Outbox) MailsWaiting(ctx context.Context) (map[string]float64, error) {
	kinds := make([]string, len(shop.MailKinds))
	for i, kind := range shop.MailKinds {
		kinds[i] = string(kind)
	}
	return b.Waiting(ctx, kinds...)
}
