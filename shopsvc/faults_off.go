//go:build !faults

package main

import (
	"time"

	"bookstore/shopsvc/internal/shop"
)

// clock tells the time.
func clock() time.Time { return time.Now() }

// withFaults returns what it is given: nothing fails on purpose in this build.
func withFaults(s shop.Store, c shop.Catalog, g shop.Gateway) (shop.Store, shop.Catalog, shop.Gateway) {
	return s, c, g
}
