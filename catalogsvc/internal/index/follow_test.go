package index

import (
	"testing"
	"time"
)

func TestAMissingEntryIsLookedForAsLongAsATransactionMayTake(t *testing.T) {
	r := reading{low: 10, seen: map[int64]bool{11: true, 13: true, 14: true}}
	now := time.Now()
	r.settle(14, now)
	if r.low != 11 || len(r.seen) != 2 {
		t.Fatalf("after the first look: %+v", r)
	}
	r.seen[15] = true
	r.settle(15, now.Add(window))
	if r.low != 11 {
		t.Errorf("12 was given up after %v: %+v", window, r)
	}
	r.settle(15, now.Add(window+time.Second))
	if r.low != 15 || len(r.seen) != 0 || len(r.marks) != 0 {
		t.Errorf("12 was not given up: %+v", r)
	}
}
