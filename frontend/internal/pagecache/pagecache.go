// Package pagecache keeps finished pages of what is the same for everybody,
// rendered and compressed, for the moment that it is fresh.
package pagecache

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"
	"bookstore/shared/telemetry"

	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"
)

const (
	// freshFor is how long after it was asked for a page is good.
	freshFor = 1500 * time.Millisecond
	// goodMeanwhile is how old a page may be for those who come while it is made
	// anew for another.
	goodMeanwhile = 2 * time.Second
	// betterThanNone is how old a page may be when catalogsvc is away.
	betterThanNone = time.Minute
	// makeTimeout bounds what making a page takes.
	makeTimeout = 3 * time.Second
	// limit is how many bytes all pages may have, compressed forms included.
	limit = 48 << 20
)

var served = telemetry.NewCounter("bookstore_shared_pages_total",
	"Pages of the catalog, by where they came from: cache, made, stale (the cache, with catalogsvc away), fresh (made for whoever has just written).",
	"from")

// Cache keeps pages. Visitors who ask for the same page within a second or two
// share it, and the work to make it. Whoever wrote lately gets one that is made
// for them, which is kept for the others as well.
type Cache struct {
	pages *otter.Cache[string, *Page]
	fills singleflight.Group
	now   func() time.Time
}

// NewCache returns an empty cache.
func NewCache() *Cache {
	return &Cache{
		now: time.Now,
		pages: otter.Must(&otter.Options[string, *Page]{
			MaximumWeight:    limit,
			Weigher:          func(key string, p *Page) uint32 { return uint32(len(key) + p.weight()) },
			ExpiryCalculator: otter.ExpiryWriting[string, *Page](betterThanNone),
		}),
	}
}

// Wish is a page that is asked for.
type Wish struct {
	Key   string // all that the page depends on
	Fresh bool   // whether the visitor wrote lately, so must see what was written
	Stale bool   // whether an old page is better than none for them even then
	// Make makes the page, from calls under the context that it gets.
	Make func(context.Context) (*Page, error)
}

// Get returns the page that is wished for. When it can't be made because a
// backend is away it may be up to a minute old.
func (c *Cache) Get(ctx context.Context, w Wish) (*Page, error) {
	old, found := c.pages.GetIfPresent(w.Key)
	if found && !w.Fresh && c.isGood(old) {
		served.Add("cache")
		return old, nil
	}
	page, err := c.make(ctx, w)
	switch {
	case err == nil && w.Fresh:
		served.Add("fresh")
	case err == nil:
		served.Add("made")
	case found && apierr.IsKind(err, apierr.KindUnavailable) && (!w.Fresh || w.Stale):
		served.Add("stale")
		slog.WarnContext(ctx, "page answered from the cache", "age", c.age(old).Round(time.Second).String(), "error", err)
		return old, nil
	}
	return page, err
}

func (c *Cache) age(p *Page) time.Duration { return c.now().Sub(p.asked) }

// isGood reports whether a page may be given without making it anew. Of those who
// come when it no longer is fresh, the first does that, and the others need not
// wait for it.
func (c *Cache) isGood(p *Page) bool {
	age := c.age(p)
	return age < freshFor || age < goodMeanwhile && !p.renewing.CompareAndSwap(false, true)
}

// make makes a page, for whoever wrote lately alone and for others together.
func (c *Cache) make(ctx context.Context, w Wish) (*Page, error) {
	if w.Fresh {
		ctx, cancel := context.WithTimeout(httpclient.WithFresh(ctx), makeTimeout)
		defer cancel()
		return c.makeAndKeep(ctx, w)
	}
	made := c.fills.DoChan(w.Key, func() (any, error) {
		// It may have been made since it was missed.
		if page, found := c.pages.GetIfPresent(w.Key); found && c.age(page) < freshFor {
			return page, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), makeTimeout)
		defer cancel()
		return c.makeAndKeep(ctx, w)
	})
	select {
	case answer := <-made:
		if answer.Err != nil {
			return nil, answer.Err
		}
		return answer.Val.(*Page), nil
	case <-ctx.Done():
		return nil, fmt.Errorf("wait for %s: %w: %w", w.Key, apierr.Unavailable("backends"), context.Cause(ctx))
	}
}

// makeAndKeep makes a page and keeps it, unless there is one by then that was
// asked for later. Its age counts from before the first of its calls.
func (c *Cache) makeAndKeep(ctx context.Context, w Wish) (*Page, error) {
	asked := c.now()
	page, err := w.Make(ctx)
	if err != nil {
		return nil, err
	}
	page.asked = asked
	c.pages.Compute(w.Key, func(other *Page, found bool) (*Page, otter.ComputeOp) {
		if found && other.asked.After(asked) {
			return other, otter.CancelOp
		}
		return page, otter.WriteOp
	})
	return page, nil
}
