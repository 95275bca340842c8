package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"

	"golang.org/x/sync/errgroup"
)

const (
	booksPerSeller = 50
	copies         = 100_000 // of each book: nobody is refused
	password       = "correct horse battery"
)

var (
	home = shopapi.Address{Name: "Ana Torres", Line1: "Calle 10 # 5-51", City: "Bogotá", Region: "Bogotá", Country: "CO"}
	card = shopapi.Card{Number: "4242424242424242", ExpMonth: 12, ExpYear: 2099, CVC: "123"}
)

// market is the people of a running shop, and the books that they trade.
type market struct {
	auth    *authapi.Client
	catalog *catalogapi.Client
	shop    *shopapi.Client

	provider int64
	shelves  [][]catalogapi.Book // by seller
	locks    []sync.Mutex        // of the books, by their place on the shelves
	sellers  []string            // their tokens
	buyers   []string            // their tokens
}

func catalogOf(c *cluster.Cluster) *catalogapi.Client {
	return catalogapi.NewClient(httpclient.New(c.ClientConfig(cluster.Catalog)))
}

// openMarket lets people register and sellers list their books.
func openMarket(ctx context.Context, c *cluster.Cluster, o options) (*market, error) {
	m := &market{
		auth:    authapi.NewClient(httpclient.New(c.ClientConfig(cluster.Auth))),
		catalog: catalogOf(c),
		shop:    shopapi.NewClient(httpclient.New(c.ClientConfig(cluster.Shop))),
		locks:   make([]sync.Mutex, o.sellers*booksPerSeller),
		buyers:  make([]string, o.buyers),
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
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(4)
	for i := range m.buyers {
		group.Go(func() (err error) {
			m.buyers[i], err = m.register(ctx, "buyer", i)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return m, nil
}

func accountOf(kind string, i int) string { return fmt.Sprintf("%s%d@example.com", kind, i) }

func (m *market) register(ctx context.Context, kind string, i int) (token string, err error) {
	email := accountOf(kind, i)
	grant, err := m.auth.Register(ctx, authapi.Register{Email: email, Password: password, Name: fmt.Sprint(kind, i)})
	if err != nil {
		return "", fmt.Errorf("register %s: %w", email, err)
	}
	return grant.AccessToken, nil
}

func (m *market) addSeller(ctx context.Context, i int) error {
	token, err := m.register(ctx, "seller", i)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("Zyxware%d", i)
	grant, err := m.auth.StartSelling(httpclient.WithBearer(ctx, token), authapi.StartSelling{SellerName: name})
	if err != nil {
		return fmt.Errorf("start selling: %w", err)
	}
	m.sellers = append(m.sellers, grant.AccessToken)
	var shelf []catalogapi.Book
	for n := range booksPerSeller {
		book, err := m.catalog.CreateBook(m.seller(ctx, i), listing(fmt.Sprintf("Volume %d of %s", n+1, name), 1299, copies))
		if err != nil {
			return fmt.Errorf("list a book: %w", err)
		}
		shelf = append(shelf, book)
	}
	m.shelves = append(m.shelves, shelf)
	return nil
}

func listing(title string, price, stock int64) catalogapi.BookInput {
	return catalogapi.BookInput{
		Title: title, Authors: []string{"Mary Shelley"}, Category: "classics",
		Language: "en", Condition: catalogapi.ConditionGood, Price: price, Stock: stock,
	}
}

// update changes the price of the i-th book, counted in a circle.
func (m *market) update(ctx context.Context, i int) error {
	i %= len(m.locks)
	m.locks[i].Lock()
	defer m.locks[i].Unlock()
	seller := i / booksPerSeller
	book := &m.shelves[seller][i%booksPerSeller]
	changed, err := m.catalog.UpdateBook(m.seller(ctx, seller), book.ID, catalogapi.BookUpdate{
		BookInput: listing(book.Title, 2700-book.Price.Amount, book.Stock), Version: book.Version, StockShown: book.Stock,
	})
	if err != nil {
		return fmt.Errorf("update a book: %w", err)
	}
	*book = changed
	return nil
}

// trading is a side in which so many buyers check out, one order after the other.
func (m *market) trading(buyers int) side {
	return func(ctx context.Context, d time.Duration) (tally, error) { return m.trade(ctx, buyers, d) }
}

// trade lets buyers check out, one order after the other, for as long as is
// said. Those who are refused try the same again about a second later.
func (m *market) trade(ctx context.Context, buyers int, d time.Duration) (tally, error) {
	return atOnce(ctx, min(buyers, len(m.buyers)), d, func(ctx context.Context, i int, end time.Time, seen *tally) error {
		ctx = httpclient.WithBearer(ctx, m.buyers[i])
		b := &buyer{market: m, tally: seen, end: end}
		for time.Now().Before(end) && ctx.Err() == nil {
			start := time.Now()
			err := b.checkOut(ctx)
			if errors.Is(err, errShed) {
				break // the time is over
			}
			if err != nil {
				return err
			}
			b.times = append(b.times, time.Since(start))
		}
		return nil
	})
}

// buyer checks out until end.
type buyer struct {
	*market
	*tally
	end time.Time
}

// insist does a step again as long as it is refused.
func (b *buyer) insist(ctx context.Context, step func() error) error {
	for {
		err := step()
		if !apierr.IsKind(err, apierr.KindUnavailable) {
			return err
		}
		b.shed++
		if time.Now().After(b.end) {
			return errShed
		}
		pause(ctx, time.Duration((0.5+rand.Float64())*float64(time.Second)))
	}
}

// checkOut buys a book of each seller, as the pages do.
func (b *buyer) checkOut(ctx context.Context) error {
	in := shopapi.PlaceOrder{Address: home}
	var cart shopapi.Cart
	for _, shelf := range b.shelves {
		book := shelf[rand.IntN(len(shelf))]
		err := b.insist(ctx, func() (err error) {
			cart, err = b.shop.SetCartLine(ctx, book.ID, shopapi.SetCartLine{Quantity: 1})
			return err
		})
		if err != nil {
			return fmt.Errorf("cart: %w", err)
		}
		in.Deliveries = append(in.Deliveries, shopapi.DeliveryChoice{SellerID: book.SellerID, ProviderID: b.provider})
	}
	// What an order that was refused for good has left in the cart is bought as well.
	for _, line := range cart.Lines {
		in.Lines = append(in.Lines, shopapi.PlaceLine{BookID: line.BookID, Quantity: line.Quantity, Price: line.Price.Amount})
	}
	var order shopapi.Order
	err := b.insist(ctx, func() (err error) {
		order, err = b.shop.PlaceOrder(ctx, cart.CheckoutKey, in)
		return err
	})
	if err != nil {
		return fmt.Errorf("order: %w", err)
	}
	err = b.insist(ctx, func() (err error) {
		order, err = b.shop.PayOrder(ctx, order.ID, shopapi.Pay{Method: shopapi.MethodCard, Card: &card})
		return err
	})
	if err != nil {
		return fmt.Errorf("payment: %w", err)
	}
	if order.State != shopapi.OrderPaid {
		return fmt.Errorf("order %s is %s after the payment", order.ID, order.State)
	}
	return nil
}
