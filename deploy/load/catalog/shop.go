package main

import (
	"context"
	"fmt"
	"io"
	"sync/atomic"
	"time"

	"bookstore/deploy/internal/demo"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"

	"golang.org/x/sync/errgroup"
)

// sessionLife is how long an access token is used; it is good for some more.
const sessionLife = 10 * time.Minute

// fillShop lists books through the APIs of a shop, each seller one after the
// other and eight sellers at a time.
func fillShop(ctx context.Context, w io.Writer, o options) error {
	client := func(name string) *httpclient.Client {
		return httpclient.New(httpclient.Config{Name: name, BaseURL: o.target})
	}
	auth, catalog := authapi.NewClient(client("authsvc")), catalogapi.NewClient(client("catalogsvc"))
	shelves := make([][]book, o.sellers)
	m := newMaker(o.seed)
	for i := range o.books {
		b := m.book(i, o.sellers)
		shelves[b.seller-1] = append(shelves[b.seller-1], b)
	}
	var listed atomic.Int64
	begun := time.Now()
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(8)
	for i, shelf := range shelves {
		group.Go(func() error {
			name := fmt.Sprintf("Seller %d", i+1)
			account := demo.Account{Email: fmt.Sprintf("load-seller%d@example.com", i+1), Name: name, SellerName: name}
			if err := fillShelf(ctx, auth, catalog, account, shelf); err != nil {
				return fmt.Errorf("list the books of %s: %w", name, err)
			}
			fmt.Fprintf(w, "%d books after %.0f s\n", listed.Add(int64(len(shelf))), time.Since(begun).Seconds())
			return nil
		})
	}
	return group.Wait()
}

func fillShelf(ctx context.Context, auth *authapi.Client, catalog *catalogapi.Client, account demo.Account, shelf []book) error {
	var seller context.Context
	var signedIn time.Time
	for _, b := range shelf {
		if time.Since(signedIn) > sessionLife {
			grant, err := demo.SignIn(ctx, auth, account)
			if err != nil {
				return err
			}
			seller, signedIn = httpclient.WithBearer(ctx, grant.AccessToken), time.Now()
		}
		if _, err := catalog.CreateBook(seller, b.BookInput); err != nil {
			return err
		}
	}
	return nil
}
