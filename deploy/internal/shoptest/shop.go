// Package shoptest runs whole bookstores for tests: real programs over real
// databases, with the clients of their APIs and people who use them.
package shoptest

import (
	"cmp"
	"os"
	"path/filepath"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb/sqldbtest"
)

// DrainDelay is longer than the load balancer takes to notice that an
// instance drains: two health checks, half a second apart.
const DrainDelay = 2 * time.Second

// KillAll ends every process at once: nobody is left for whom to drain.
func (s *Shop) KillAll() {
	for _, program := range cluster.Programs {
		for _, p := range s.Processes(program) {
			p.Kill()
		}
	}
}

// Shop is a running bookstore and the clients of its backends.
type Shop struct {
	*cluster.Cluster
	Auth    *authapi.Client
	Catalog *catalogapi.Client
	Orders  *shopapi.Client
}

// DatabaseKinds are the databases that a shop can run on.
var DatabaseKinds = []string{"sqlite", "mysql"}

// OnEachDatabase runs test on a new shop over SQLite and over MySQL.
func OnEachDatabase(t *testing.T, o cluster.Options, test func(t *testing.T, s *Shop)) {
	t.Helper()
	for _, kind := range DatabaseKinds {
		t.Run(kind, func(t *testing.T) { test(t, OpenOn(t, kind, o)) })
	}
}

// OpenOn starts a shop over new databases of a kind.
func OpenOn(t *testing.T, kind string, o cluster.Options) *Shop {
	t.Helper()
	if kind == "mysql" {
		o.Databases = map[string]string{}
		for _, program := range []string{cluster.Auth, cluster.Catalog, cluster.Shop} {
			o.Databases[program] = sqldbtest.NewMySQL(t)
		}
	}
	return Open(t, o)
}

// Open starts a shop that closes with the test. A failed test's logs are kept
// and their place is told.
func Open(t *testing.T, o cluster.Options) *Shop {
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
	o.Bin, o.Data = cmp.Or(o.Bin, Programs(t)), dir
	o.Env = append(o.Env, "ADMIN_EMAIL="+Admin.Email, "ADMIN_PASSWORD="+Admin.Password)
	c, err := cluster.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(); err != nil {
			t.Error(err)
		}
	})
	return &Shop{
		Cluster: c,
		Auth:    authapi.NewClient(httpclient.New(c.ClientConfig(cluster.Auth))),
		Catalog: catalogapi.NewClient(httpclient.New(c.ClientConfig(cluster.Catalog))),
		Orders:  shopapi.NewClient(httpclient.New(c.ClientConfig(cluster.Shop))),
	}
}

// List offers a book.
func (s *Shop) List(t *testing.T, seller Account, title string, price, stock int64) catalogapi.Book {
	t.Helper()
	book, err := s.Catalog.CreateBook(seller.As(t.Context()), catalogapi.BookInput{
		Title: title, Authors: []string{"Mary Shelley"}, ISBN: "978-0-14-143947-1", Category: "classics",
		Language: "en", Year: 1818, Condition: catalogapi.ConditionGood, Price: price, Stock: stock,
	})
	if err != nil {
		t.Fatalf("list %s: %v", title, err)
	}
	return book
}

// Stock returns how many copies of a book can be bought.
func (s *Shop) Stock(t *testing.T, bookID int64) int64 {
	t.Helper()
	book, err := s.Catalog.Book(httpclient.WithFresh(t.Context()), bookID)
	if err != nil {
		t.Fatalf("look at book %d: %v", bookID, err)
	}
	return book.Stock
}

// NationalProvider returns a delivery provider for addresses at home.
func (s *Shop) NationalProvider(t *testing.T) shopapi.DeliveryProvider {
	t.Helper()
	providers, err := s.Orders.DeliveryProviders(t.Context())
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
