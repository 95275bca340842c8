package audit

import (
	"context"
	"fmt"
	"time"

	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// sell lists a book, changes another, and looks after what was sold.
func (v *visit) sell(ctx context.Context) {
	sellers, ok := v.sellers.borrow(ctx, 1)
	if !ok {
		return
	}
	defer v.sellers.giveBack(sellers)
	seller := sellers[0]
	_, _ = v.listed(ctx, seller, int64(1+v.dice.IntN(4))) // what was not answered is not offered
	v.edit(ctx, v.ledger.titleOf(seller, v.dice))
	v.ship(ctx, seller)
}

func (v *visit) listed(ctx context.Context, seller *person, copies int64) (t *title, err error) {
	err = v.ask(ctx, "list a book", func() error {
		t, err = v.list(ctx, seller, copies)
		return err
	})
	return t, err
}

// list offers copies of a new book.
func (r *run) list(ctx context.Context, seller *person, copies int64) (*title, error) {
	from := time.Now()
	book, err := seller.catalog.CreateBook(seller.as(ctx), catalogapi.BookInput{
		Title: fmt.Sprintf("Ledger %d of %s", r.dice.IntN(1_000_000), r.name), Authors: []string{"Luca Pacioli"}, Category: "classics",
		Language: "en", Condition: catalogapi.ConditionGood, Price: int64(500 + r.dice.IntN(2000)), Stock: copies,
	})
	if err != nil {
		return nil, err
	}
	return r.ledger.list(seller, book, from), nil
}

// edit asks another price and puts two more copies on the shelf. If the answer
// was lost, or came to a repeated request, the listing's version says whether it
// was done.
func (v *visit) edit(ctx context.Context, t *title) {
	now, err := v.lookAt(ctx, t)
	if err != nil {
		return
	}
	v.ledger.resolve(t, now)
	e := edit{added: 2, version: now.Version, from: time.Now()}
	in := catalogapi.BookUpdate{
		BookInput: catalogapi.BookInput{
			Title: now.Title, Authors: now.Authors, Category: now.Category, Language: now.Language, Condition: now.Condition,
			Price: now.Price.Amount + 10, Stock: now.Stock + e.added,
		},
		Version: now.Version, StockShown: now.Stock,
	}
	v.ledger.try(t, e)
	book := now
	err = v.ask(ctx, "change a book", func() (err error) {
		book, err = t.seller.catalog.UpdateBook(t.seller.as(ctx), now.ID, in)
		return err
	})
	if err != nil {
		if book, err = v.lookAt(ctx, t); err != nil {
			return
		}
	}
	v.ledger.resolve(t, book)
}

func (v *visit) lookAt(ctx context.Context, t *title) (book catalogapi.Book, err error) {
	err = v.until(ctx, "look at a book", func() (err error) {
		book, err = t.seller.catalog.Book(t.seller.as(ctx), t.book.ID)
		return err
	})
	return book, err
}

// ship moves the seller's latest sales on, each by one step. One in eight is
// rejected instead, half of these with the copies back on the shelf.
func (v *visit) ship(ctx context.Context, seller *person) {
	const atOnce = 5
	var sales shopapi.Sales
	err := v.ask(ctx, "look at sales", func() (err error) {
		sales, err = seller.shop.Sales(seller.as(ctx), shopapi.SaleQuery{Limit: atOnce})
		return err
	})
	if err != nil {
		return
	}
	for _, s := range sales.Items {
		restock := false
		move := func(ctx context.Context) (shopapi.Sale, error) { return seller.shop.AcceptShipment(ctx, s.ID) }
		switch s.State {
		case shopapi.ShipmentNew:
			if v.dice.IntN(8) == 0 {
				restock = v.dice.IntN(2) == 0
				move = func(ctx context.Context) (shopapi.Sale, error) {
					return seller.shop.RejectShipment(ctx, s.ID, shopapi.Reject{Reason: "a damaged copy", Restock: restock})
				}
			}
		case shopapi.ShipmentAccepted:
			move = func(ctx context.Context) (shopapi.Sale, error) {
				return seller.shop.DispatchShipment(ctx, s.ID, shopapi.Dispatch{TrackingNumber: "AUDIT12345"})
			}
		case shopapi.ShipmentDispatched:
			move = func(ctx context.Context) (shopapi.Sale, error) { return seller.shop.DeliverShipment(ctx, s.ID) }
		default:
			continue
		}
		v.ledger.shipped(s.ID, sale{restocked: restock})
		var sold shopapi.Sale
		err := v.until(ctx, "move a sale", func() (err error) {
			sold, err = move(seller.as(ctx))
			return err
		})
		if err == nil {
			v.ledger.shipped(s.ID, sale{sold.State, restock})
		}
	}
}
