package pagecache

import "time"

// How old pages may be.
const (
	FreshFor       = freshFor
	GoodMeanwhile  = goodMeanwhile
	BetterThanNone = betterThanNone
)

// SetClock lets a test pass the time.
func (c *Cache) SetClock(now func() time.Time) { c.now = now }
