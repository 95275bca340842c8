package catalogapi

// Codes of errors, beside those of package apierr.
const (
	CodeBookNotFound         = "book_not_found" // no such book, or no longer on offer
	CodeSellersOnly          = "sellers_only"
	CodeSellerSuspended      = "seller_suspended" // the caller was just kept from selling
	CodeNotYourBook          = "not_your_book"
	CodeVersionConflict      = "version_conflict" // the parameter version is the present one
	CodeStockTooLow          = "stock_too_low"    // the parameter available says how many copies are left
	CodeCoverNotFound        = "cover_not_found"
	CodeLinesChanged         = "lines_changed" // the fields are lines
	CodeReservationNotFound  = "reservation_not_found"
	CodeReservationReleased  = "reservation_released"
	CodeReservationCommitted = "reservation_committed"
	CodeReservationHeld      = "reservation_held"
	CodeReservationDiffers   = "reservation_differs" // the id stands for other lines
	CodeRestockTooLarge      = "restock_too_large"   // the parameters are book_id and available
)

// Codes lists the codes of errors, beside those of package apierr.
var Codes = []string{
	CodeBookNotFound, CodeSellersOnly, CodeSellerSuspended, CodeNotYourBook, CodeVersionConflict, CodeStockTooLow, CodeCoverNotFound,
	CodeLinesChanged, CodeReservationNotFound, CodeReservationReleased, CodeReservationCommitted, CodeReservationHeld,
	CodeReservationDiffers, CodeRestockTooLarge,
}

// Codes of fields, beside those of package apierr. The first three are those of
// the lines of CodeLinesChanged ("lines[0]"), with the parameters book_id, title,
// available (copies) and price (minor units) as far as they are known.
const (
	CodeOutOfStock     = "out_of_stock"
	CodePriceChanged   = "price_changed"
	CodeBookGone       = "book_gone"
	CodeBadISBN        = "bad_isbn"
	CodeISBNCheckDigit = "isbn_check_digit"
	CodeISBNMusic      = "isbn_music" // an ISMN, the number of printed music
	CodeCoverEmpty     = "cover_empty"
	CodeCoverFormat    = "cover_format"  // of no known kind
	CodeCoverKind      = "cover_kind"    // of the kind that the parameter kind names, which is not taken
	CodeCoverDamaged   = "cover_damaged" // the parameter kind names what it is a part of
	CodeCoverAnimated  = "cover_animated"
	CodeCoverTooLarge  = "cover_too_large" // the parameter max is in megabytes
	CodeCoverPixels    = "cover_pixels"    // the parameter max is in megapixels
)

// FieldCodes lists the codes of fields, beside those of package apierr.
var FieldCodes = []string{
	CodeOutOfStock, CodePriceChanged, CodeBookGone, CodeBadISBN, CodeISBNCheckDigit, CodeISBNMusic,
	CodeCoverEmpty, CodeCoverFormat, CodeCoverKind, CodeCoverDamaged, CodeCoverAnimated, CodeCoverTooLarge,
	CodeCoverPixels,
}
