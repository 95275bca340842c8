package page_test

import (
	"errors"
	"testing"

	"bookstore/shared/page"
)

type key struct {
	Price int64
	ID    int64
}

func TestACursorBringsBackItsKey(t *testing.T) {
	want := key{1299, 7}
	cursor, err := page.Encode(want)
	if err != nil {
		t.Fatal(err)
	}
	var got key
	if err := page.Decode(cursor, &got); err != nil || got != want {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
}

func TestAForeignCursorIsRefused(t *testing.T) {
	for _, cursor := range []string{"???", "bm90IGpzb24", "IiI", "W10"} {
		var k key
		if err := page.Decode(cursor, &k); !errors.Is(err, page.ErrCursor) {
			t.Errorf("%q: got %v, want ErrCursor", cursor, err)
		}
	}
}

func TestCutKeepsLimitRowsAndPointsBehindTheLast(t *testing.T) {
	identity := func(n int) any { return n }
	p, err := page.Cut([]int{1, 2, 3}, 2, identity)
	if err != nil || len(p.Items) != 2 {
		t.Fatalf("got %v, %v", p, err)
	}
	var last int
	if err := page.Decode(p.NextCursor, &last); err != nil || last != 2 {
		t.Errorf("the cursor points behind %d (%v), want 2", last, err)
	}
	p, _ = page.Cut([]int{1, 2}, 2, identity)
	if p.NextCursor != "" {
		t.Error("the last page has a next cursor")
	}
}

func TestLimitStaysWithinItsBounds(t *testing.T) {
	for n, want := range map[int]int{-1: 24, 0: 24, 5: 5, 1000: 100} {
		if got := page.Limit(n); got != want {
			t.Errorf("Limit(%d) = %d, want %d", n, got, want)
		}
	}
}
