package shop

import (
	"errors"

	"bookstore/shared/apierr"
	"bookstore/shared/idempotency"
	"bookstore/shared/shopapi"
)

// What callers are told. Fields of invalid requests have these codes besides
// those of the JSON layer: "duplicate", "not_allowed", "required", "too_large",
// "unknown_country", "provider_unavailable", "provider_gone", "name_taken",
// "bad_card_number", "card_expired", "reference_mismatch"; lines of ErrLinesChanged have
// "out_of_stock", "price_changed", "book_gone" and "own_book", its deliveries
// "delivery_cost_changed" and "provider_gone", and its total "total_changed".
var (
	ErrUnauthenticated        = apierr.New(apierr.KindUnauthenticated, apierr.CodeUnauthenticated)
	ErrForbidden              = apierr.New(apierr.KindForbidden, apierr.CodeForbidden)
	ErrCartToken              = apierr.New(apierr.KindMalformed, shopapi.CodeCartTokenRequired)
	ErrCartFull               = apierr.New(apierr.KindConflict, shopapi.CodeCartFull)
	ErrCartChanged            = apierr.New(apierr.KindConflict, shopapi.CodeCartChanged)
	ErrOutOfStock             = apierr.New(apierr.KindConflict, shopapi.CodeOutOfStock)
	ErrBookGone               = apierr.New(apierr.KindConflict, shopapi.CodeBookGone)
	ErrOwnBook                = apierr.New(apierr.KindConflict, shopapi.CodeOwnBook)
	ErrLinesChanged           = apierr.New(apierr.KindConflict, shopapi.CodeLinesChanged)
	ErrKeyReused              = idempotency.ErrReused
	ErrOrderNotFound          = apierr.New(apierr.KindNotFound, shopapi.CodeOrderNotFound)
	ErrShipmentNotFound       = apierr.New(apierr.KindNotFound, shopapi.CodeShipmentNotFound)
	ErrPaymentNotFound        = apierr.New(apierr.KindNotFound, shopapi.CodePaymentNotFound)
	ErrProviderNotFound       = apierr.New(apierr.KindNotFound, shopapi.CodeProviderNotFound)
	ErrOrderState             = apierr.New(apierr.KindConflict, shopapi.CodeOrderState)
	ErrShipmentState          = apierr.New(apierr.KindConflict, shopapi.CodeShipmentState)
	ErrPaymentState           = apierr.New(apierr.KindConflict, shopapi.CodePaymentState)
	ErrBadSignature           = apierr.New(apierr.KindMalformed, shopapi.CodeBadSignature)
	ErrRefundTooLarge         = apierr.New(apierr.KindInvalid, shopapi.CodeRefundTooLarge)
	ErrNameTaken              = apierr.Field("name", shopapi.CodeNameTaken)
	ErrCommissionRuleNotFound = apierr.New(apierr.KindNotFound, shopapi.CodeCommissionRuleNotFound)
	ErrBusy                   = apierr.New(apierr.KindUnavailable, apierr.CodeBusy)
)

// What a store, catalog or gateway says to the domain.
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
