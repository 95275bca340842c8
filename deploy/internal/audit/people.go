package audit

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"sync"
	"time"

	"bookstore/deploy/internal/pages"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"

	"golang.org/x/sync/errgroup"
)

const (
	// renewAfter is well within the life of an access token.
	renewAfter = 5 * time.Minute
	// gatherAtOnce is how many accounts are made at a time.
	gatherAtOnce = 8
	// firstTitles is how many books each seller has when the shop opens.
	firstTitles = 6
)

// person has an account, and clients of its own, so that nobody else's failures
// keep them waiting.
type person struct {
	authapi.Login
	auth    *authapi.Client
	catalog *catalogapi.Client
	shop    *shopapi.Client
	browser *http.Client

	mu      sync.Mutex
	id      int64
	token   string
	refresh string
	renewed time.Time
}

func (r *run) person(login authapi.Login) *person {
	client := func(service string) *httpclient.Client {
		return httpclient.New(httpclient.Config{Name: service, BaseURL: r.Target, Timeout: shopapi.CallTimeout})
	}
	return &person{
		Login: login, browser: pages.NewBrowser(),
		auth: authapi.NewClient(client("authsvc")), catalog: catalogapi.NewClient(client("catalogsvc")), shop: shopapi.NewClient(client("shopsvc")),
	}
}

func (p *person) granted(g authapi.Grant) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.id, p.token, p.renewed = g.User.ID, g.AccessToken, time.Now()
	if g.RefreshToken != "" {
		p.refresh = g.RefreshToken
	}
}

// as returns a context for the person's calls, with a token that is renewed in
// time.
func (p *person) as(ctx context.Context) context.Context {
	p.mu.Lock()
	stale := time.Since(p.renewed) > renewAfter
	p.mu.Unlock()
	if stale {
		_ = p.renew(ctx) // the old one still holds for a while
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return httpclient.WithFresh(httpclient.WithBearer(ctx, p.token))
}

func (p *person) renew(ctx context.Context) error {
	grant, err := p.auth.Refresh(ctx, p.refresh)
	if err == nil {
		p.granted(grant)
	}
	return err
}

// pool lends people: each is in one visit at a time.
type pool struct {
	free chan *person
	many sync.Mutex // held while several are borrowed, so that two do not wait for each other
}

func newPool(people []*person) *pool {
	p := &pool{free: make(chan *person, len(people))}
	for _, one := range people {
		p.free <- one
	}
	return p
}

// borrow waits until n people are free, or returns false if ctx ends first.
func (p *pool) borrow(ctx context.Context, n int) ([]*person, bool) {
	p.many.Lock()
	defer p.many.Unlock()
	var people []*person
	for range n {
		select {
		case one := <-p.free:
			people = append(people, one)
		case <-ctx.Done():
			p.giveBack(people)
			return nil, false
		}
	}
	return people, true
}

func (p *pool) giveBack(people []*person) {
	for _, one := range people {
		p.free <- one
	}
}

// gather makes the accounts, and lets the sellers list their first books.
func (r *run) gather(ctx context.Context) error {
	if err := r.findProvider(ctx); err != nil {
		return err
	}
	if r.Admin.Password != "" {
		r.admin = r.person(r.Admin)
		grant, err := r.admin.auth.Login(ctx, r.Admin)
		if err != nil {
			return fmt.Errorf("sign in as %s: %w", r.Admin.Email, err)
		}
		r.admin.granted(grant)
	}
	buyers, sellers := make([]*person, r.Buyers), make([]*person, r.Sellers)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(gatherAtOnce)
	for i := range buyers {
		group.Go(func() (err error) {
			buyers[i], err = r.register(ctx, fmt.Sprint("buyer", i+1))
			return err
		})
	}
	for i := range sellers {
		group.Go(func() (err error) {
			sellers[i], err = r.openShop(ctx, fmt.Sprint("seller", i+1))
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	r.buyers, r.sellers = newPool(buyers), newPool(sellers)
	r.all = append(buyers, sellers...)
	return nil
}

// home is where everything is delivered to.
var home = shopapi.Address{Name: "Ana Torres", Line1: "Calle 10 # 5-51", City: "Bogotá", Region: "Bogotá", Country: "CO"}

func (r *run) findProvider(ctx context.Context) error {
	providers, err := r.person(authapi.Login{}).shop.DeliveryProviders(ctx)
	if err != nil {
		return fmt.Errorf("%s has no APIs, or not now; is it the address of the load balancer? %w", r.Target, err)
	}
	for _, p := range providers.Items {
		if p.Active && (p.Coverage == shopapi.CoverageInternational || providers.HomeCountry == home.Country) {
			r.provider = p
			return nil
		}
	}
	return fmt.Errorf("no delivery provider serves %s", home.Country)
}

func (r *run) register(ctx context.Context, name string) (*person, error) {
	p := r.person(authapi.Login{Email: fmt.Sprintf("%s-%s@%s", r.name, name, r.MailDomain), Password: rand.Text()})
	grant, err := p.auth.Register(ctx, authapi.Register{Email: p.Email, Password: p.Password, Name: "Audit " + name})
	if err != nil {
		return nil, fmt.Errorf("register %s: %w", name, err)
	}
	p.granted(grant)
	return p, nil
}

func (r *run) openShop(ctx context.Context, name string) (*person, error) {
	p, err := r.register(ctx, name)
	if err != nil {
		return nil, err
	}
	grant, err := p.auth.StartSelling(p.as(ctx), authapi.StartSelling{SellerName: fmt.Sprint(r.name, " ", name)})
	if err != nil {
		return nil, fmt.Errorf("start selling: %w", err)
	}
	p.granted(grant)
	for n := range firstTitles {
		copies := int64(10_000)
		if n%2 == 1 {
			copies = 3
		}
		if _, err := r.list(ctx, p, copies); err != nil {
			return nil, fmt.Errorf("list a book: %w", err)
		}
	}
	return p, nil
}

// isUnanswered reports whether nobody knows what became of a request.
func isUnanswered(err error) bool {
	e, ok := apierr.As(err)
	return !ok || e.Kind == apierr.KindUnavailable || e.Kind == apierr.KindInternal || e.Kind == apierr.KindRateLimited || e.Code == apierr.CodeBusy
}
