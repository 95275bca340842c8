// Package faults puts points around the shop's calls and writes at which tests
// let it fail or crash. Only tests and builds with the tag faults use it.
package faults

import (
	"context"
	"time"

	"bookstore/shopsvc/internal/shop"
)

// Hook is called at each point: "before capture", "after save paid" and so on.
// An error takes the place of the call's, or of its answer.
type Hook func(point string) error

func (h Hook) around(name string, call func() error) error {
	if err := h("before " + name); err != nil {
		return err
	}
	err := call()
	if fault := h("after " + name); fault != nil {
		return fault
	}
	return err
}

// Store is a shop.Store with points around the writes of orders.
type Store struct {
	shop.Store
	Hook Hook
}

// InsertOrder implements shop.OrderStore.
func (s Store) InsertOrder(ctx context.Context, o *shop.Order, from *shop.Cart, nextKey string) error {
	return s.Hook.around("insert", func() error { return s.Store.InsertOrder(ctx, o, from, nextKey) })
}

// SaveOrder implements shop.OrderStore.
func (s Store) SaveOrder(ctx context.Context, o *shop.Order) error {
	return s.Hook.around("save "+string(o.State), func() error { return s.Store.SaveOrder(ctx, o) })
}

// Gateway is a shop.Gateway with points around its calls.
type Gateway struct {
	shop.Gateway
	Hook Hook
}

// Begin implements shop.Gateway.
func (g Gateway) Begin(ctx context.Context, c shop.Charge) (out shop.Outcome, err error) {
	err = g.Hook.around("begin", func() error { out, err = g.Gateway.Begin(ctx, c); return err })
	return out, err
}

// Lookup implements shop.Gateway.
func (g Gateway) Lookup(ctx context.Context, key string) (out shop.Outcome, err error) {
	err = g.Hook.around("lookup", func() error { out, err = g.Gateway.Lookup(ctx, key); return err })
	return out, err
}

// Capture implements shop.Gateway.
func (g Gateway) Capture(ctx context.Context, key string) (out shop.Outcome, err error) {
	err = g.Hook.around("capture", func() error { out, err = g.Gateway.Capture(ctx, key); return err })
	return out, err
}

// Void implements shop.Gateway.
func (g Gateway) Void(ctx context.Context, key string) (out shop.Outcome, err error) {
	err = g.Hook.around("void", func() error { out, err = g.Gateway.Void(ctx, key); return err })
	return out, err
}

// Refund implements shop.Gateway.
func (g Gateway) Refund(ctx context.Context, key, refundKey string, amount int64) error {
	return g.Hook.around("refund", func() error { return g.Gateway.Refund(ctx, key, refundKey, amount) })
}

// Receive implements shop.Gateway.
func (g Gateway) Receive(ctx context.Context, key string, amount int64) error {
	return g.Hook.around("receive", func() error { return g.Gateway.Receive(ctx, key, amount) })
}

// Catalog is a shop.Catalog with points around its calls.
type Catalog struct {
	shop.Catalog
	Hook Hook
}

// Books implements shop.Catalog.
func (c Catalog) Books(ctx context.Context, ids []int64) (books map[int64]shop.Book, err error) {
	err = c.Hook.around("books", func() error { books, err = c.Catalog.Books(ctx, ids); return err })
	return books, err
}

// Reserve implements shop.Catalog.
func (c Catalog) Reserve(ctx context.Context, orderID string, until time.Time, lines []shop.Line) error {
	return c.Hook.around("reserve", func() error { return c.Catalog.Reserve(ctx, orderID, until, lines) })
}

// Commit implements shop.Catalog.
func (c Catalog) Commit(ctx context.Context, orderID string) error {
	return c.Hook.around("commit", func() error { return c.Catalog.Commit(ctx, orderID) })
}

// Release implements shop.Catalog.
func (c Catalog) Release(ctx context.Context, orderID string) error {
	return c.Hook.around("release", func() error { return c.Catalog.Release(ctx, orderID) })
}

// Restock implements shop.Catalog.
func (c Catalog) Restock(ctx context.Context, orderID, key string, lines []shop.Line) error {
	return c.Hook.around("restock", func() error { return c.Catalog.Restock(ctx, orderID, key, lines) })
}
