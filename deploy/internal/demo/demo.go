// Package demo fills a bookstore with accounts and real books, through the
// same public APIs that everybody uses.
package demo

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"

	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"

	"golang.org/x/sync/errgroup"
)

// Password is the password of every demo account. It guards nothing: the demo
// runs on its owner's machine.
const Password = "bookstore-demo"

// Account is a demo account.
type Account struct {
	Email      string
	Name       string
	SellerName string // empty for those who do not sell
}

// The demo accounts. The admin is made by authsvc, from its settings.
var (
	Buyer   = Account{"buyer@example.com", "Beatriz Reader", ""}
	Sellers = []Account{
		{"lantern@example.com", "Lena Fuchs", "Lantern & Fox Books"},
		{"almendra@example.com", "Andrés Almendra", "Librería Almendra"},
	}
	Admin = Account{"admin@example.com", "Administrator", ""}
)

//go:embed books.json
var booksJSON []byte

// Book is a listing of the demo and the seller who offers it.
type Book struct {
	catalogapi.BookInput
	Seller int `json:"seller"` // index in Sellers
}

// Books returns the demo's listings.
func Books() ([]Book, error) {
	var books []Book
	if err := json.Unmarshal(booksJSON, &books); err != nil {
		return nil, fmt.Errorf("demo books: %w", err)
	}
	return books, nil
}

// Fill makes the accounts and lists the books that are not there yet, so that
// it may be called again after any interruption. It returns how many books it
// listed.
func Fill(ctx context.Context, auth *authapi.Client, catalog *catalogapi.Client) (int, error) {
	if _, err := SignIn(ctx, auth, Buyer); err != nil {
		return 0, err
	}
	books, err := Books()
	if err != nil {
		return 0, err
	}
	// Side by side, so that the newest books are not all of one seller.
	var listed atomic.Int64
	group, ctx := errgroup.WithContext(ctx)
	for i, seller := range Sellers {
		group.Go(func() error {
			n, err := fillShelf(ctx, auth, catalog, seller, booksOf(books, i))
			listed.Add(int64(n))
			if err != nil {
				return fmt.Errorf("list the books of %s: %w", seller.SellerName, err)
			}
			return nil
		})
	}
	err = group.Wait()
	return int(listed.Load()), err
}

func booksOf(books []Book, seller int) []catalogapi.BookInput {
	var own []catalogapi.BookInput
	for _, b := range books {
		if b.Seller == seller {
			own = append(own, b.BookInput)
		}
	}
	return own
}

// fillShelf lists the books that the seller does not offer yet, a few at a time.
func fillShelf(ctx context.Context, auth *authapi.Client, catalog *catalogapi.Client, seller Account, books []catalogapi.BookInput) (int, error) {
	grant, err := SignIn(ctx, auth, seller)
	if err != nil {
		return 0, err
	}
	ctx = httpclient.WithFresh(httpclient.WithBearer(ctx, grant.AccessToken))
	offered, err := offeredSKUs(ctx, catalog, grant.User.ID)
	if err != nil {
		return 0, err
	}
	listed := 0
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for _, b := range books {
		if offered[b.SKU] {
			continue
		}
		listed++
		group.Go(func() error {
			_, err := catalog.CreateBook(ctx, b)
			return err
		})
	}
	err = group.Wait()
	return listed, err
}

// offeredSKUs returns the SKUs that a seller's listings have.
func offeredSKUs(ctx context.Context, catalog *catalogapi.Client, sellerID int64) (map[string]bool, error) {
	skus := map[string]bool{}
	q := catalogapi.BookQuery{SellerID: sellerID, Limit: catalogapi.MaxIDs}
	for {
		books, err := catalog.Books(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, b := range books.Items {
			skus[b.SKU] = true
		}
		if books.NextCursor == "" {
			return skus, nil
		}
		q.Cursor = books.NextCursor
	}
}

// SignIn signs an account in with the demo's password, making it first if there
// is none, and a seller if it has a name to sell under.
func SignIn(ctx context.Context, auth *authapi.Client, a Account) (authapi.Grant, error) {
	grant, err := auth.Login(ctx, authapi.Login{Email: a.Email, Password: Password})
	if apierr.IsKind(err, apierr.KindUnauthenticated) {
		grant, err = auth.Register(ctx, authapi.Register{Email: a.Email, Password: Password, Name: a.Name})
		if isTaken(err) {
			return grant, fmt.Errorf("the demo account %s has another password than the demo's", a.Email)
		}
	}
	if err != nil {
		return grant, fmt.Errorf("sign in as %s: %w", a.Email, err)
	}
	if a.SellerName == "" || grant.User.SellerName != "" {
		return grant, nil
	}
	grant, err = auth.StartSelling(httpclient.WithBearer(ctx, grant.AccessToken), authapi.StartSelling{SellerName: a.SellerName})
	if err != nil {
		return grant, fmt.Errorf("start selling as %s: %w", a.Email, err)
	}
	return grant, nil
}

func isTaken(err error) bool {
	e, ok := errors.AsType[*apierr.Error](err)
	return ok && len(e.Fields) > 0 && e.Fields[0].Code == authapi.CodeEmailTaken
}
