package bookcache

import "time"

// Fresh is how long an answer is good.
const Fresh = bookFresh

// SetClock lets a test pass the time.
func (c *Cache) SetClock(now func() time.Time) { c.now = now }
