// Package bookcache reads the public catalog, and what delivery of it costs, and
// keeps what it read for a moment.
package bookcache

import (
	"context"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
	"bookstore/shared/telemetry"

	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"
)

const (
	// bookFresh is how long an answer of the catalog is good.
	bookFresh = 1500 * time.Millisecond
	// bookStale is how long it is better than none, when catalogsvc is away.
	bookStale = time.Minute
	// bookTimeout bounds one call of catalogsvc.
	bookTimeout = 3 * time.Second
	// bookEntries bounds the cache; a page of the catalog is some 30 KB.
	bookEntries = 1000
)

var cacheReads = telemetry.NewCounter("bookstore_catalog_cache_reads_total",
	"Public reads of the catalog, by what answered: cache, catalogsvc, stale (the cache, with catalogsvc away), fresh (catalogsvc, for whoever has just written).",
	"answered_by")

// Cache reads the public catalog. Visitors who share a question within a
// second or two share the answer, and the call that fetches it. Whoever wrote
// lately (httpclient.WithFresh) gets an answer of their own, which is kept for
// the others as well.
type Cache struct {
	catalog *catalogapi.Client
	shop    *shopapi.Client
	entries *otter.Cache[string, cacheEntry]
	fills   singleflight.Group
	now     func() time.Time
}

type cacheEntry struct {
	value any
	at    time.Time
}

// New returns an empty cache of what catalog and shop tell everybody.
func New(catalog *catalogapi.Client, shop *shopapi.Client) *Cache {
	return &Cache{
		catalog: catalog,
		shop:    shop,
		now:     time.Now,
		entries: otter.Must(&otter.Options[string, cacheEntry]{
			MaximumSize:      bookEntries,
			ExpiryCalculator: otter.ExpiryWriting[string, cacheEntry](bookStale),
		}),
	}
}

// Books returns a page of books.
func (c *Cache) Books(ctx context.Context, q catalogapi.BookQuery) (catalogapi.Books, error) {
	return cached(ctx, c, "books?"+q.Values().Encode(), func(ctx context.Context) (catalogapi.Books, error) {
		return c.catalog.Books(ctx, q)
	})
}

// Book returns one book, also one that is no longer offered.
func (c *Cache) Book(ctx context.Context, id int64) (catalogapi.Book, error) {
	return cached(ctx, c, "book/"+strconv.FormatInt(id, 10), func(ctx context.Context) (catalogapi.Book, error) {
		return c.catalog.AnyBook(ctx, id)
	})
}

// Categories lists the categories.
func (c *Cache) Categories(ctx context.Context) (catalogapi.Categories, error) {
	return cached(ctx, c, "categories", c.catalog.Categories)
}

// Delivery returns the cheapest delivery of a seller's parcels to a country; an
// answer without items says that nobody delivers there.
func (c *Cache) Delivery(ctx context.Context, country string, sellerID int64) (shopapi.DeliveryQuotes, error) {
	key := "delivery/" + country + "/" + strconv.FormatInt(sellerID, 10)
	return cached(ctx, c, key, func(ctx context.Context) (shopapi.DeliveryQuotes, error) {
		return c.shop.CheapestDeliveries(ctx, shopapi.DeliveryQuery{Country: country, SellerIDs: []int64{sellerID}})
	})
}

func cached[T any](ctx context.Context, c *Cache, key string, fetch func(context.Context) (T, error)) (T, error) {
	ctx = httpclient.WithBearer(ctx, "") // the answer is for everybody
	fresh := httpclient.IsFresh(ctx)
	entry, found := c.entries.GetIfPresent(key)
	if found && !fresh && c.isYoung(entry) {
		cacheReads.Add("cache")
		return entry.value.(T), nil
	}
	value, answeredBy, err := ask(ctx, c, key, fetch)
	if found && apierr.IsKind(err, apierr.KindUnavailable) && (!fresh || allowsStale(ctx)) {
		cacheReads.Add("stale")
		slog.WarnContext(ctx, "catalog answered from the cache", "age", c.now().Sub(entry.at).Round(time.Second).String(), "error", err)
		return entry.value.(T), nil
	}
	cacheReads.Add(answeredBy)
	return value, err
}

// isYoung reports whether an answer may still be given without asking.
func (c *Cache) isYoung(e cacheEntry) bool { return c.now().Sub(e.at) < bookFresh }

// ask calls catalogsvc, for whoever wrote lately alone and for others together.
func ask[T any](ctx context.Context, c *Cache, key string, fetch func(context.Context) (T, error)) (value T, answeredBy string, err error) {
	if !httpclient.IsFresh(ctx) {
		value, err = fill(ctx, c, key, fetch)
		return value, "catalogsvc", err
	}
	ctx, cancel := context.WithTimeout(ctx, bookTimeout)
	defer cancel()
	value, err = fetchAndKeep(ctx, c, key, fetch)
	return value, "fresh", err
}

// fetchAndKeep calls catalogsvc and keeps what it answers, for everybody.
func fetchAndKeep[T any](ctx context.Context, c *Cache, key string, fetch func(context.Context) (T, error)) (T, error) {
	value, err := fetch(ctx)
	if err == nil {
		c.entries.Set(key, cacheEntry{value, c.now()})
	}
	return value, err
}

type allowStaleKey struct{}

// AllowStale marks the calls of visitors who write nothing of what the
// catalog shows. While catalogsvc is away, an older page is better for them
// than none even right after they wrote; sellers might miss what they wrote.
func AllowStale(ctx context.Context) context.Context {
	return context.WithValue(ctx, allowStaleKey{}, true)
}

func allowsStale(ctx context.Context) bool {
	content, _ := ctx.Value(allowStaleKey{}).(bool)
	return content
}

// fill fetches once for everybody who asks meanwhile, whoever of them leaves, and
// makes nobody wait for longer than they want to.
func fill[T any](ctx context.Context, c *Cache, key string, fetch func(context.Context) (T, error)) (value T, err error) {
	filled := c.fills.DoChan(key, func() (any, error) {
		// It may have been filled since it was missed.
		if entry, found := c.entries.GetIfPresent(key); found && c.isYoung(entry) {
			return entry.value, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bookTimeout)
		defer cancel()
		return fetchAndKeep(ctx, c, key, fetch)
	})
	select {
	case answer := <-filled:
		return answer.Val.(T), answer.Err
	case <-ctx.Done():
		return value, fmt.Errorf("wait for %s: %w: %w", key, apierr.Unavailable("backends"), context.Cause(ctx))
	}
}
