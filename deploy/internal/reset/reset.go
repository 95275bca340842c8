// Package reset puts a shop back into a known state between load tests, by the
// APIs of the shop.
package reset

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bookstore/deploy/internal/demo"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/page"
	"bookstore/shared/shopapi"

	"golang.org/x/sync/errgroup"
)

// States that a shop can be put into. In each, no other listing than the state's
// is on offer. Orders, which are sealed, and other accounts stay.
const (
	Empty = "empty" // no listing at all
	Demo  = "demo"  // the accounts and books of go run ./deploy/local
	Load  = "load"  // accounts for load tests, and as many books as are asked for
)

// States lists the states.
var States = []string{Empty, Demo, Load}

// Options say which shop is put into which state.
type Options struct {
	Target string        // address of the load balancer
	Admin  authapi.Login // who may do it
	State  string
	Books  int // of the state Load
	Buyers int // likewise
}

const (
	loadSellers = 10
	loadCopies  = 10_000 // of each book
	atOnce      = 4      // calls that list or sign in
)

// resetter is somebody at work.
type resetter struct {
	Options
	auth    *authapi.Client
	catalog *catalogapi.Client
	shop    *shopapi.Client
}

// Run puts the shop into the state. It touches nothing unless the shop allows
// it, by its setting ALLOW_RESET. It may be repeated after an interruption.
func Run(ctx context.Context, o Options) error {
	if !slices.Contains(States, o.State) {
		return fmt.Errorf("there is no state %q, only %s", o.State, strings.Join(States, ", "))
	}
	client := func(service string) *httpclient.Client {
		return httpclient.New(httpclient.Config{Name: service, BaseURL: o.Target, Timeout: shopapi.CallTimeout})
	}
	r := &resetter{o, authapi.NewClient(client("authsvc")), catalogapi.NewClient(client("catalogsvc")), shopapi.NewClient(client("shopsvc"))}
	grant, err := r.auth.Login(ctx, o.Admin)
	if err != nil {
		return fmt.Errorf("sign in as the admin %s: %w", o.Admin.Email, err)
	}
	admin := httpclient.WithFresh(httpclient.WithBearer(ctx, grant.AccessToken))
	if err := r.clear(admin); err != nil {
		return err
	}
	if err := r.wake(admin); err != nil {
		return err
	}
	return r.fill(ctx)
}

func (r *resetter) clear(admin context.Context) error {
	for {
		cleared, err := r.catalog.ClearBooks(admin)
		if e, ok := apierr.As(err); ok && e.Kind == apierr.KindForbidden && e.Params["setting"] != nil {
			return fmt.Errorf("the shop does not allow it: its setting %v is not true", e.Params["setting"])
		}
		if err != nil {
			return fmt.Errorf("take the listings off: %w", err)
		}
		if cleared.Books == 0 {
			return nil
		}
	}
}

// accounts are those of the state.
func (r *resetter) accounts() []demo.Account {
	switch r.State {
	case Demo:
		return append(slices.Clone(demo.Sellers), demo.Buyer)
	case Load:
		var all []demo.Account
		for i := range loadSellers {
			all = append(all, loadSeller(i))
		}
		for i := range r.Buyers {
			all = append(all, demo.Account{Email: fmt.Sprintf("load-buyer-%d@example.com", i+1), Name: fmt.Sprint("Load buyer ", i+1)})
		}
		return all
	}
	return nil
}

func loadSeller(i int) demo.Account {
	name := fmt.Sprint("Load seller ", i+1)
	return demo.Account{Email: fmt.Sprintf("load-seller-%d@example.com", i+1), Name: name, SellerName: name}
}

// wake lets accounts of the state in again that were suspended.
func (r *resetter) wake(admin context.Context) error {
	for _, a := range r.accounts() {
		found, err := r.auth.Users(admin, authapi.UserQuery{Q: a.Email, Limit: page.MaxLimit})
		if err != nil {
			return fmt.Errorf("look for %s: %w", a.Email, err)
		}
		for _, u := range found.Items {
			if u.Email != a.Email || u.Status == authapi.StatusActive {
				continue
			}
			active := authapi.StatusActive
			if _, err := r.auth.UpdateUser(admin, u.ID, authapi.AdminUpdate{Status: &active}); err != nil {
				return fmt.Errorf("let %s in again: %w", a.Email, err)
			}
		}
	}
	return nil
}

func (r *resetter) fill(ctx context.Context) error {
	group, working := errgroup.WithContext(ctx)
	group.SetLimit(atOnce)
	for i, a := range r.accounts() {
		group.Go(func() error {
			grant, err := demo.SignIn(working, r.auth, a)
			if err != nil {
				return err
			}
			own := httpclient.WithFresh(httpclient.WithBearer(working, grant.AccessToken))
			if err := r.tidy(own); err != nil {
				return fmt.Errorf("tidy up after %s: %w", a.Email, err)
			}
			if r.State == Load && i < loadSellers {
				return r.list(own, i)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil || r.State != Demo {
		return err
	}
	_, err := demo.Fill(ctx, r.auth, r.catalog)
	return err
}

// tidy empties somebody's cart and calls off what they have not paid for.
func (r *resetter) tidy(own context.Context) error {
	cart, err := r.shop.Cart(own)
	for err == nil && len(cart.Lines) > 0 {
		cart, err = r.shop.RemoveCartLine(own, cart.Lines[0].BookID)
	}
	if err != nil {
		return err
	}
	unpaid, err := r.shop.Orders(own, shopapi.OrderQuery{State: shopapi.OrderReserved, Limit: page.MaxLimit})
	for _, o := range unpaid.Items {
		if err == nil {
			_, err = r.shop.CancelOrder(own, o.ID, shopapi.Cancel{})
		}
	}
	return err
}

// list offers the i-th seller's part of the books.
func (r *resetter) list(own context.Context, i int) error {
	for n := i; n < r.Books; n += loadSellers {
		_, err := r.catalog.CreateBook(own, catalogapi.BookInput{
			Title: fmt.Sprintf("Load %d: %s", n+1, subjects[n%len(subjects)]), Authors: []string{authors[n%len(authors)]}, Category: "classics",
			Language: "en", Condition: catalogapi.Conditions[n%len(catalogapi.Conditions)], Price: int64(300 + n%50*25), Stock: loadCopies,
			SKU: fmt.Sprint("load-", n+1),
		})
		if err != nil {
			return fmt.Errorf("list book %d: %w", n+1, err)
		}
	}
	return nil
}

// Words that searches find.
var (
	subjects = []string{"The Lighthouse", "A River in Winter", "Letters from the Sea", "The Glass Garden", "Songs of the Mountain", "The Last Train North", "An Island of Clocks"}
	authors  = []string{"Mary Shelley", "Jane Austen", "Miguel de Cervantes", "Emily Dickinson", "Rubén Darío"}
)
