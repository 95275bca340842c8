// Package e2e tests the whole bookstore: real programs, real databases, real
// browsers.
package e2e

import (
	"cmp"
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb/sqldbtest"
)

// bin is the folder of the built programs.
var bin string

func TestMain(m *testing.M) {
	os.Exit(run(m))
}

func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "bookstore-e2e-")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	bin = dir
	if err := build(bin); err != nil {
		log.Fatal(err)
	}
	return m.Run()
}

// build compiles the programs into a folder.
func build(dir string, flags ...string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	root, err := cluster.Root(ctx)
	if err != nil {
		return err
	}
	return cluster.Build(ctx, root, dir, func(string) {}, flags...)
}

// admin is the account that every shop of these tests starts with.
var admin = account{email: "admin@example.com", password: "correct horse battery", name: "Admin"}

// shop is a running bookstore and the clients of its backends.
type shop struct {
	*cluster.Cluster
	auth    *authapi.Client
	catalog *catalogapi.Client
	orders  *shopapi.Client
}

// databaseKinds are the databases that a shop can run on.
var databaseKinds = []string{"sqlite", "mysql"}

// onEachDatabase runs test on a new shop over SQLite and over MySQL.
func onEachDatabase(t *testing.T, o cluster.Options, test func(t *testing.T, s *shop)) {
	t.Helper()
	for _, kind := range databaseKinds {
		t.Run(kind, func(t *testing.T) { test(t, openOn(t, kind, o)) })
	}
}

// openOn starts a shop over new databases of a kind.
func openOn(t *testing.T, kind string, o cluster.Options) *shop {
	t.Helper()
	if kind == "mysql" {
		o.Databases = map[string]string{}
		for _, program := range []string{cluster.Auth, cluster.Catalog, cluster.Shop} {
			o.Databases[program] = sqldbtest.NewMySQL(t)
		}
	}
	return open(t, o)
}

// open starts a shop that closes with the test. A failed test's logs are kept
// and their place is told.
func open(t *testing.T, o cluster.Options) *shop {
	t.Helper()
	dir, err := os.MkdirTemp("", "bookstore-shop-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the logs are in %s", filepath.Join(dir, "logs"))
			return
		}
		os.RemoveAll(dir)
	})
	o.Bin, o.Data = cmp.Or(o.Bin, bin), dir
	o.Env = append(o.Env, "ADMIN_EMAIL="+admin.email, "ADMIN_PASSWORD="+admin.password)
	c, err := cluster.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	return &shop{
		Cluster: c,
		auth:    authapi.NewClient(httpclient.New(c.ClientConfig(cluster.Auth))),
		catalog: catalogapi.NewClient(httpclient.New(c.ClientConfig(cluster.Catalog))),
		orders:  shopapi.NewClient(httpclient.New(c.ClientConfig(cluster.Shop))),
	}
}

// account is a person who uses the shop through its APIs.
type account struct {
	email, password, name string
	id                    int64
	token                 string
}

// as returns a context for calls on behalf of a.
func (a account) as(ctx context.Context) context.Context {
	return httpclient.WithFresh(httpclient.WithBearer(ctx, a.token))
}

var people atomic.Int64

// register makes an account with an address of its own.
func (s *shop) register(t *testing.T, name string) account {
	t.Helper()
	a, err := s.newAccount(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// newAccount is register for goroutines that may not end the test.
func (s *shop) newAccount(ctx context.Context, name string) (account, error) {
	a := account{
		email:    fmt.Sprintf("person%d@example.com", people.Add(1)),
		password: "correct horse battery",
		name:     name,
	}
	grant, err := s.auth.Register(ctx, authapi.Register{Email: a.email, Password: a.password, Name: a.name})
	if err != nil {
		return a, fmt.Errorf("register %s: %w", name, err)
	}
	a.id, a.token = grant.User.ID, grant.AccessToken
	return a, nil
}

// signIn returns an account that exists with a new token.
func (s *shop) signIn(t *testing.T, a account) account {
	t.Helper()
	grant, err := s.auth.Login(t.Context(), authapi.Login{Email: a.email, Password: a.password})
	if err != nil {
		t.Fatalf("sign in as %s: %v", a.email, err)
	}
	a.id, a.token = grant.User.ID, grant.AccessToken
	return a
}

// registerSeller makes an account that may sell.
func (s *shop) registerSeller(t *testing.T, name string) account {
	t.Helper()
	a := s.register(t, name)
	grant, err := s.auth.StartSelling(a.as(t.Context()), authapi.StartSelling{SellerName: name})
	if err != nil {
		t.Fatalf("start selling: %v", err)
	}
	a.token = grant.AccessToken
	return a
}

// list offers a book.
func (s *shop) list(t *testing.T, seller account, title string, price, stock int64) catalogapi.Book {
	t.Helper()
	book, err := s.catalog.CreateBook(seller.as(t.Context()), catalogapi.BookInput{
		Title: title, Authors: []string{"Mary Shelley"}, ISBN: "978-0-14-143947-1", Category: "classics",
		Language: "en", Year: 1818, Condition: catalogapi.ConditionGood, Price: price, Stock: stock,
	})
	if err != nil {
		t.Fatalf("list %s: %v", title, err)
	}
	return book
}

// stock returns how many copies of a book can be bought.
func (s *shop) stock(t *testing.T, bookID int64) int64 {
	t.Helper()
	book, err := s.catalog.Book(httpclient.WithFresh(t.Context()), bookID)
	if err != nil {
		t.Fatalf("look at book %d: %v", bookID, err)
	}
	return book.Stock
}

// nationalProvider returns a delivery provider for addresses at home.
func (s *shop) nationalProvider(t *testing.T) shopapi.DeliveryProvider {
	t.Helper()
	providers, err := s.orders.DeliveryProviders(t.Context())
	if err != nil {
		t.Fatalf("delivery providers: %v", err)
	}
	for _, p := range providers.Items {
		if p.Coverage == shopapi.CoverageNational {
			return p
		}
	}
	t.Fatal("no national delivery provider")
	return shopapi.DeliveryProvider{}
}

// await waits until something has happened that is bound to.
func await(t *testing.T, what string, happened func() bool) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !happened(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}

// home is an address in the shop's own country.
var home = shopapi.Address{Name: "Ana Torres", Line1: "Calle 10 # 5-51", City: "Bogotá", Country: "CO"}

// testCard pays in the sandbox.
var testCard = shopapi.Card{Number: "4242424242424242", ExpMonth: 12, ExpYear: 2099, CVC: "123"}
