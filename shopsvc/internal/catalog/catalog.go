// Package catalog is catalogsvc as the shop sees it.
package catalog

import (
	"context"
	"fmt"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shopsvc/internal/shop"
)

// The refusals of catalogsvc that the shop has words for.
var (
	errReleased  = apierr.New(apierr.KindConflict, catalogapi.CodeReservationReleased)
	errCommitted = apierr.New(apierr.KindConflict, catalogapi.CodeReservationCommitted)
	errUnknown   = apierr.New(apierr.KindNotFound, catalogapi.CodeReservationNotFound)
)

// Catalog is shop.Catalog over HTTP.
type Catalog struct {
	client   *catalogapi.Client
	currency string
}

// New returns a catalog that calls through client, and whose prices are to
// be in the shop's currency.
func New(client *catalogapi.Client, currency string) *Catalog { return &Catalog{client, currency} }

// Books implements shop.Catalog. It reads what was written last.
func (c *Catalog) Books(ctx context.Context, ids []int64) (map[int64]shop.Book, error) {
	list, err := c.client.Books(asShop(httpclient.WithFresh(ctx)), catalogapi.BookQuery{IDs: ids, Limit: catalogapi.MaxIDs})
	if err != nil {
		return nil, err
	}
	books := make(map[int64]shop.Book, len(list.Items))
	for _, b := range list.Items {
		if b.Price.Currency != c.currency {
			return nil, fmt.Errorf("catalogsvc prices in %s, the shop in %s: set CURRENCY alike", b.Price.Currency, c.currency)
		}
		books[b.ID] = shop.Book{
			ID: b.ID, Title: b.Title, Authors: b.Authors, Condition: b.Condition, Cover: b.Cover,
			SellerID: b.SellerID, SellerName: b.SellerName, Price: b.Price.Amount, Stock: b.Stock,
		}
	}
	return books, nil
}

// Reserve implements shop.Catalog.
func (c *Catalog) Reserve(ctx context.Context, orderID string, until time.Time, lines []shop.Line) error {
	in := catalogapi.Reserve{ExpiresAt: until}
	for _, l := range lines {
		in.Lines = append(in.Lines, catalogapi.ReservationLine{BookID: l.BookID, Quantity: l.Quantity, Price: l.Price})
	}
	_, err := c.client.Reserve(asShop(ctx), orderID, in)
	return shopError(err)
}

// Commit implements shop.Catalog.
func (c *Catalog) Commit(ctx context.Context, orderID string) error {
	_, err := c.client.Commit(asShop(ctx), orderID)
	return shopError(err)
}

// Release implements shop.Catalog.
func (c *Catalog) Release(ctx context.Context, orderID string) error {
	return shopError(c.client.Release(asShop(ctx), orderID))
}

// Restock implements shop.Catalog.
func (c *Catalog) Restock(ctx context.Context, orderID, key string, lines []shop.Line) error {
	in := catalogapi.Restock{Key: key}
	for _, l := range lines {
		in.Lines = append(in.Lines, catalogapi.RestockLine{BookID: l.BookID, Quantity: l.Quantity})
	}
	return shopError(c.client.Restock(asShop(ctx), orderID, in))
}

// asShop makes calls in the shop's own name: what a caller may do is decided
// already, and the caller's token may end before the order has come to rest.
func asShop(ctx context.Context) context.Context { return httpclient.WithBearer(ctx, "") }

// shopError returns a refusal of catalogsvc as the error that the shop knows.
func shopError(err error) error {
	e, ok := apierr.As(err)
	if !ok {
		return err
	}
	switch {
	case e.Is(errReleased), e.Is(errUnknown):
		return fmt.Errorf("%w: %w", shop.ErrHoldGone, err)
	case e.Is(errCommitted):
		return fmt.Errorf("%w: %w", shop.ErrHoldSold, err)
	}
	return err
}
