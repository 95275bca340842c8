package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"

	"golang.org/x/sync/errgroup"
)

const (
	booksPerSeller = 50
	copies         = 100_000 // of each book: nobody is refused
)

var (
	home = shopapi.Address{Name: "Ana Torres", Line1: "Calle 10 # 5-51", City: "Bogotá", Region: "Bogotá", Country: "CO"}
	card = shopapi.Card{Number: "4242424242424242", ExpMonth: 12, ExpYear: 2099, CVC: "123"}
)

// market is a running shop with people and books in it.
type market struct {
	auth    *authapi.Client
	catalog *catalogapi.Client
	shop    *shopapi.Client

	provider int64
	shelves  [][]catalogapi.Book // by seller
	buyers   []string            // their tokens
}

// openMarket lets people register and sellers list their books.
func openMarket(ctx context.Context, c *cluster.Cluster, o options) (*market, error) {
	m := &market{
		auth:    authapi.NewClient(httpclient.New(c.ClientConfig(cluster.Auth))),
		catalog: catalogapi.NewClient(httpclient.New(c.ClientConfig(cluster.Catalog))),
		shop:    shopapi.NewClient(httpclient.New(c.ClientConfig(cluster.Shop))),
	}
	providers, err := m.shop.DeliveryProviders(ctx)
	if err != nil {
		return nil, fmt.Errorf("delivery providers: %w", err)
	}
	for _, p := range providers.Items {
		if p.Coverage == shopapi.CoverageNational {
			m.provider = p.ID
		}
	}
	for i := range o.sellers {
		if err := m.addSeller(ctx, i); err != nil {
			return nil, err
		}
	}
	for i := range o.buyers {
		token, err := m.register(ctx, fmt.Sprintf("buyer%d", i))
		if err != nil {
			return nil, err
		}
		m.buyers = append(m.buyers, token)
	}
	return m, nil
}

func (m *market) register(ctx context.Context, name string) (token string, err error) {
	grant, err := m.auth.Register(ctx, authapi.Register{Email: name + "@example.com", Password: "correct horse battery", Name: name})
	if err != nil {
		return "", fmt.Errorf("register %s: %w", name, err)
	}
	return grant.AccessToken, nil
}

func (m *market) addSeller(ctx context.Context, i int) error {
	name := fmt.Sprintf("seller%d", i)
	token, err := m.register(ctx, name)
	if err != nil {
		return err
	}
	grant, err := m.auth.StartSelling(httpclient.WithBearer(ctx, token), authapi.StartSelling{SellerName: name})
	if err != nil {
		return fmt.Errorf("start selling: %w", err)
	}
	var shelf []catalogapi.Book
	for n := range booksPerSeller {
		book, err := m.catalog.CreateBook(httpclient.WithBearer(ctx, grant.AccessToken), catalogapi.BookInput{
			Title: fmt.Sprintf("Volume %d of %s", n+1, name), Authors: []string{"Mary Shelley"}, Category: "classics",
			Language: "en", Condition: catalogapi.ConditionGood, Price: 1299, Stock: copies,
		})
		if err != nil {
			return fmt.Errorf("list a book: %w", err)
		}
		shelf = append(shelf, book)
	}
	m.shelves = append(m.shelves, shelf)
	return nil
}

// trade lets all buyers check out, one order after the other, for as long as
// is said. It returns how long each checkout took, and all of them.
func (m *market) trade(ctx context.Context, d time.Duration) ([]time.Duration, time.Duration, error) {
	began := time.Now()
	var mu sync.Mutex
	var checkouts []time.Duration
	group, ctx := errgroup.WithContext(ctx)
	for _, token := range m.buyers {
		ctx := httpclient.WithBearer(ctx, token)
		group.Go(func() error {
			for time.Since(began) < d {
				start := time.Now()
				if err := m.checkOut(ctx); err != nil {
					return err
				}
				took := time.Since(start)
				mu.Lock()
				checkouts = append(checkouts, took)
				mu.Unlock()
			}
			return nil
		})
	}
	err := group.Wait()
	return checkouts, time.Since(began), err
}

// checkOut buys a book of each seller, as the pages do.
func (m *market) checkOut(ctx context.Context) error {
	in := shopapi.PlaceOrder{Address: home}
	var cart shopapi.Cart
	for _, shelf := range m.shelves {
		book := shelf[rand.IntN(len(shelf))]
		var err error
		if cart, err = m.shop.SetCartLine(ctx, book.ID, shopapi.SetCartLine{Quantity: 1}); err != nil {
			return fmt.Errorf("cart: %w", err)
		}
		in.Lines = append(in.Lines, shopapi.PlaceLine{BookID: book.ID, Quantity: 1, Price: book.Price.Amount})
		in.Deliveries = append(in.Deliveries, shopapi.DeliveryChoice{SellerID: book.SellerID, ProviderID: m.provider})
	}
	order, err := m.shop.PlaceOrder(ctx, cart.CheckoutKey, in)
	if err != nil {
		return fmt.Errorf("order: %w", err)
	}
	order, err = m.shop.PayOrder(ctx, order.ID, shopapi.Pay{Method: shopapi.MethodCard, Card: &card})
	if err != nil {
		return fmt.Errorf("payment: %w", err)
	}
	if order.State != shopapi.OrderPaid {
		return fmt.Errorf("order %s is %s after the payment", order.ID, order.State)
	}
	return nil
}
