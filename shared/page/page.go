// Package page holds what every paged list shares: bounds for its size and the
// opaque cursor that continues it. Cursors name the last row that was seen
// (key-set paging), so a page costs the same however deep it lies and rows
// that come or go in between shift nothing.
package page

import (
	"encoding/base64"
	"encoding/json"

	"bookstore/shared/apierr"
)

// The bounds of a page, in items.
const (
	DefaultLimit = 24
	MaxLimit     = 100
)

// ErrCursor says that a cursor was not made by this list.
var ErrCursor = apierr.Field("cursor", apierr.CodeBadFormat)

// Page is one page of a list on the wire. NextCursor continues it and is empty
// on the last page.
type Page[T any] struct {
	Items      []T    `json:"items" nullable:"false"`
	NextCursor string `json:"next_cursor,omitempty"`
}

// Limit returns n within the bounds, and the default for 0 or less.
func Limit(n int) int {
	if n <= 0 {
		return DefaultLimit
	}
	return min(n, MaxLimit)
}

// Encode returns the cursor that stands for key, a small value that JSON can
// hold: the sort columns of the last row.
func Encode(key any) (string, error) {
	data, err := json.Marshal(key)
	if err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(data), nil
}

// Decode reads a cursor made by Encode into key. It returns ErrCursor for
// anything else.
func Decode(cursor string, key any) error {
	data, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil || json.Unmarshal(data, key) != nil {
		return ErrCursor
	}
	return nil
}

// Cut makes a page out of up to limit+1 rows that a query returned: the row
// too many only tells that there is a next page, which begins after the key
// of the last row kept.
func Cut[T any](rows []T, limit int, key func(T) any) (Page[T], error) {
	if len(rows) <= limit {
		return Page[T]{Items: rows}, nil
	}
	rows = rows[:limit]
	cursor, err := Encode(key(rows[limit-1]))
	return Page[T]{rows, cursor}, err
}

// Map returns p with each item converted, as at the border between a domain
// and its wire types. Its items are never nil.
func Map[T, U any](p Page[T], convert func(T) U) Page[U] {
	items := make([]U, 0, len(p.Items))
	for _, item := range p.Items {
		items = append(items, convert(item))
	}
	return Page[U]{items, p.NextCursor}
}
