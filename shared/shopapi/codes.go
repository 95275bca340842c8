package shopapi

import "bookstore/shared/catalogapi"

// Codes of errors, beside those of package apierr. Codes of the catalog mean
// the same here.
const (
	CodeCartTokenRequired = "cart_token_required" // neither a user nor a guest asks
	CodeCartFull          = "cart_full"           // the parameter max is in lines
	CodeCartChanged       = "cart_changed"        // the lines are no longer the cart's
	CodeOwnBook           = "own_book"
	CodeOutOfStock        = catalogapi.CodeOutOfStock
	CodeBookGone          = catalogapi.CodeBookGone
	CodeLinesChanged      = catalogapi.CodeLinesChanged
	CodeOrderNotFound     = "order_not_found"
	CodeShipmentNotFound  = "shipment_not_found"
	CodePaymentNotFound   = "payment_not_found"
	CodeProviderNotFound  = "provider_not_found"

	CodeCommissionRuleNotFound = "commission_rule_not_found"

	CodeOrderState     = "order_state"    // it forbids that; the parameter state is the present one
	CodeShipmentState  = "shipment_state" // likewise
	CodePaymentState   = "payment_state"
	CodeBadSignature   = "bad_signature" // of a gateway's call-back
	CodeRefundTooLarge = "refund_too_large"
)

// Codes lists the codes of errors, beside those of package apierr.
var Codes = []string{
	CodeCartTokenRequired, CodeCartFull, CodeCartChanged, CodeOwnBook, CodeOutOfStock, CodeBookGone, CodeLinesChanged,
	CodeOrderNotFound, CodeShipmentNotFound, CodePaymentNotFound, CodeProviderNotFound, CodeCommissionRuleNotFound,
	CodeOrderState, CodeShipmentState, CodePaymentState, CodeBadSignature, CodeRefundTooLarge,
}

// Codes of fields, beside those of package apierr.
const (
	CodePriceChanged        = catalogapi.CodePriceChanged
	CodeNameTaken           = "name_taken"
	CodeUnknownCountry      = "unknown_country"
	CodeProviderUnavailable = "provider_unavailable"  // it does not serve the country
	CodeProviderGone        = "provider_gone"         // it is no longer offered
	CodeDeliveryCostChanged = "delivery_cost_changed" // the parameters provider, seen and cost say how
	CodeTotalChanged        = "total_changed"         // the parameters seen and total say how
	CodeBadCardNumber       = "bad_card_number"
	CodeCardExpired         = "card_expired"
	CodeReferenceMismatch   = "reference_mismatch"
)

// FieldCodes lists the codes of fields, beside those of package apierr. A line
// of CodeLinesChanged may have CodeOwnBook as well.
var FieldCodes = []string{
	CodeOutOfStock, CodePriceChanged, CodeBookGone, CodeOwnBook, CodeNameTaken, CodeUnknownCountry,
	CodeProviderUnavailable, CodeProviderGone, CodeDeliveryCostChanged, CodeTotalChanged, CodeBadCardNumber, CodeCardExpired, CodeReferenceMismatch,
}
