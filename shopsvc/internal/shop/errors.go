package shop

import (
	"errors"

	"bookstore/shared/apierr"
)

// What callers are told. Fields of invalid requests have these codes besides
// those of the JSON layer: "duplicate", "not_allowed", "required", "too_large",
// "unknown_country", "provider_unavailable", "name_taken", "bad_card_number",
// "card_expired", "reference_mismatch"; lines of ErrLinesChanged have
// "out_of_stock", "price_changed", "book_gone" and "own_book".
var (
	ErrUnauthenticated  = apierr.New(apierr.KindUnauthenticated, "unauthenticated")
	ErrForbidden        = apierr.New(apierr.KindForbidden, "forbidden")
	ErrCartToken        = apierr.New(apierr.KindMalformed, "cart_token_required")
	ErrCartFull         = apierr.New(apierr.KindConflict, "cart_full")
	ErrCartChanged      = apierr.New(apierr.KindConflict, "cart_changed")
	ErrOutOfStock       = apierr.New(apierr.KindConflict, "out_of_stock")
	ErrBookGone         = apierr.New(apierr.KindConflict, "book_gone")
	ErrOwnBook          = apierr.New(apierr.KindConflict, "own_book")
	ErrLinesChanged     = apierr.New(apierr.KindConflict, "lines_changed")
	ErrKeyReused        = apierr.New(apierr.KindInvalid, "idempotency_key_reused")
	ErrOrderNotFound    = apierr.New(apierr.KindNotFound, "order_not_found")
	ErrShipmentNotFound = apierr.New(apierr.KindNotFound, "shipment_not_found")
	ErrPaymentNotFound  = apierr.New(apierr.KindNotFound, "payment_not_found")
	ErrProviderNotFound = apierr.New(apierr.KindNotFound, "provider_not_found")
	ErrOrderState       = apierr.New(apierr.KindConflict, "order_state")
	ErrShipmentState    = apierr.New(apierr.KindConflict, "shipment_state")
	ErrPaymentState     = apierr.New(apierr.KindConflict, "payment_state")
	ErrBadSignature     = apierr.New(apierr.KindMalformed, "bad_signature")
	ErrRefundTooLarge   = apierr.New(apierr.KindInvalid, "refund_too_large")
	ErrNameTaken        = apierr.Field("name", "name_taken")
	ErrBusy             = apierr.New(apierr.KindUnavailable, "busy")
)

// What a store, catalogue or gateway says to the domain.
var (
	// ErrNotFound says that a store has no such row.
	ErrNotFound = errors.New("not found")
	// ErrOvertaken says that a row changed since it was read.
	ErrOvertaken = errors.New("changed meanwhile")
	// ErrTaken says that a unique key is in use.
	ErrTaken = errors.New("key is taken")
	// ErrHoldGone says that the copies of an order are no longer held for it.
	ErrHoldGone = errors.New("hold is gone")
	// ErrHoldSold says that held copies can't be released: they are sold.
	ErrHoldSold = errors.New("hold is sold")
)

// errStillOpen says that the gateway has not decided yet.
var errStillOpen = errors.New("payment is not decided yet")
