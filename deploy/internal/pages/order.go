package pages

import "regexp"

// OrderPath matches the pages of an order and of its payment, and captures the
// order's id.
var OrderPath = regexp.MustCompile(`^/orders/([0-9a-f-]{36})(/payment)?$`)
