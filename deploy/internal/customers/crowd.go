// Package customers has people who shop through the pages and notice whatever
// is lost.
package customers

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/catalogapi"
)

const (
	// Number is how many customers a crowd has.
	Number = 6
	// patience is how long customers go on with what they began when nothing
	// breaks any more.
	patience = time.Minute
)

// Crowd is a shop with customers in it.
type Crowd struct {
	*shoptest.Shop
	Log       *pages.Log
	Seller    shoptest.Account
	Customers []*Customer
}

// Gather lists books in a shop and brings customers in.
func Gather(t *testing.T, s *shoptest.Shop) *Crowd {
	t.Helper()
	c := &Crowd{Shop: s, Log: &pages.Log{}}
	t.Cleanup(func() { c.KillAll() })
	c.Seller = c.RegisterSeller(t, "Lantern Books")
	var books []catalogapi.Book
	for i := range 10 {
		books = append(books, c.List(t, c.Seller, fmt.Sprintf("Tale %d of the Lighthouse", i+1), 500+int64(i)*100, 10_000))
	}
	for _, a := range c.RegisterMany(t, Number) {
		c.Customers = append(c.Customers, New(t, c.Shop, c.Log, a, books))
	}
	return c
}

// ShopWhile lets the customers shop as long as do runs, and then finish.
func (c *Crowd) ShopWhile(t *testing.T, do func()) {
	t.Helper()
	shopping, close := context.WithCancel(t.Context())
	var all sync.WaitGroup
	finish, enough := context.WithCancel(t.Context())
	defer enough()
	for _, p := range c.Customers {
		all.Go(func() { p.keepShopping(shopping, finish) })
	}
	do()
	close()
	late := time.AfterFunc(patience, enough)
	defer late.Stop()
	all.Wait()
	if finish.Err() != nil {
		t.Errorf("customers could not finish within %v", patience)
	}
}

// CheckNothingLost wants every session and order to be there, and the books of
// the shop to balance.
func (c *Crowd) CheckNothingLost(t *testing.T) {
	t.Helper()
	for _, p := range c.Customers {
		p.checkNothingLost(t)
	}
	c.WantBooksBalanced(t, 0)
}

// OrderCount returns how many orders the customers, and their friends, were told of.
func (c *Crowd) OrderCount() (n int) {
	for _, p := range c.Customers {
		n += len(p.Orders)
		for _, f := range p.Friends {
			n += len(f.Orders)
		}
	}
	return n
}
