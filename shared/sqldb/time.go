package sqldb

import "time"

// Micros is how an instant is stored: microseconds since 1970, in a BIGINT.
func Micros(t time.Time) int64 { return t.UnixMicro() }

// FromMicros is the instant that Micros stored, in UTC.
func FromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }
