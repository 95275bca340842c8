//go:build faults

package main

import (
	"log/slog"
	"os"
	"time"

	"bookstore/shopsvc/internal/faults"
	"bookstore/shopsvc/internal/shop"
)

// crashAt is the point at which this process dies as if it were killed, such
// as "after begin", "before save paid" or "after insert"; see package faults.
var crashAt = os.Getenv("FAULT_CRASH_AT")

// ahead is how far this process's clock goes ahead of the machine's.
var ahead, _ = time.ParseDuration(os.Getenv("FAULT_CLOCK_AHEAD"))

// clock tells the time, moved by FAULT_CLOCK_AHEAD.
func clock() time.Time { return time.Now().Add(ahead) }

// withFaults puts the point FAULT_CRASH_AT around calls and writes.
func withFaults(s shop.Store, c shop.Catalog, g shop.Gateway) (shop.Store, shop.Catalog, shop.Gateway) {
	hook := faults.Hook(func(point string) error {
		if point == crashAt {
			slog.Error("crashing on purpose", "point", point)
			os.Exit(137)
		}
		return nil
	})
	return faults.Store{Store: s, Hook: hook}, faults.Catalog{Catalog: c, Hook: hook}, faults.Gateway{Gateway: g, Hook: hook}
}
