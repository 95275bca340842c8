package catalog

import (
	"bookstore/shared/apierr"
)

// The refusals of the catalogue. Fields of a listing that break a rule are
// reported with apierr.Invalid instead, under the codes of errors in fields
// below.
var (
	// ErrBookNotFound: no such book, or no longer on offer.
	ErrBookNotFound = apierr.New(apierr.KindNotFound, "book_not_found")
	// ErrUnauthenticated: the call needs an account.
	ErrUnauthenticated = apierr.New(apierr.KindUnauthenticated, "unauthenticated")
	// ErrSellersOnly: the caller has an account that does not sell.
	ErrSellersOnly = apierr.New(apierr.KindForbidden, "sellers_only")
	// ErrNotYourBook: the listing belongs to another seller.
	ErrNotYourBook = apierr.New(apierr.KindForbidden, "not_your_book")
	// ErrVersionConflict: the listing was edited since the caller read it. The
	// parameter version is the present one.
	ErrVersionConflict = apierr.New(apierr.KindConflict, "version_conflict")
	// ErrStockTooLow: fewer copies are left than the edit takes away. The
	// parameter available says how many.
	ErrStockTooLow = apierr.New(apierr.KindConflict, "stock_too_low")

	// ErrCoverNotFound: no picture is under this key.
	ErrCoverNotFound = apierr.New(apierr.KindNotFound, "cover_not_found")

	// ErrCoverEmpty: the file has no content.
	ErrCoverEmpty = apierr.Field("cover", "cover_empty")
	// ErrCoverFormat: the file is of no known kind.
	ErrCoverFormat = apierr.Field("cover", "cover_format")
	// ErrCoverAnimated: the picture moves.
	ErrCoverAnimated = apierr.Field("cover", "cover_animated")
	// ErrCoverTooLarge: the file has too many bytes. The field's parameter max
	// is in megabytes.
	ErrCoverTooLarge = apierr.Field("cover", "cover_too_large", "max", MaxCover>>20)

	// ErrLinesChanged: copies can't be reserved as asked. Each field is a line
	// with one of the codes CodeOutOfStock, CodePriceChanged and CodeBookGone.
	ErrLinesChanged = apierr.New(apierr.KindConflict, "lines_changed")
	// ErrReservationNotFound: nothing was ever reserved under this id.
	ErrReservationNotFound = apierr.New(apierr.KindNotFound, "reservation_not_found")
	// ErrReservationReleased: the copies went back on the shelf, or were never
	// taken off it and now never will be.
	ErrReservationReleased = apierr.New(apierr.KindConflict, "reservation_released")
	// ErrReservationCommitted: the copies are sold.
	ErrReservationCommitted = apierr.New(apierr.KindConflict, "reservation_committed")
	// ErrReservationHeld: the copies are not sold yet, so none can come back.
	ErrReservationHeld = apierr.New(apierr.KindConflict, "reservation_held")
	// ErrReservationDiffers: the id stands for other lines than these.
	ErrReservationDiffers = apierr.New(apierr.KindConflict, "reservation_differs")
	// ErrRestockTooLarge: more copies would come back than were sold and stayed
	// away. The parameters are book_id and available.
	ErrRestockTooLarge = apierr.New(apierr.KindConflict, "restock_too_large")
)

// errCoverKind: the file is of a known kind that is not taken. The field's
// parameter kind names it, such as "HEIC".
func errCoverKind(kind string) error { return apierr.Field("cover", "cover_kind", "kind", kind) }

// errCoverDamaged: the file is a JPEG, PNG or WebP picture, as its field's
// parameter kind says, but not a whole one.
func errCoverDamaged(kind string) error { return apierr.Field("cover", "cover_damaged", "kind", kind) }

// errCoverPixels: the picture has too many pixels. The field's parameter max
// is in megapixels.
func errCoverPixels(most int64) error {
	return apierr.Field("cover", "cover_pixels", "max", most/1_000_000)
}

// Codes of the lines of ErrLinesChanged.
const (
	CodeOutOfStock   = "out_of_stock"
	CodePriceChanged = "price_changed"
	CodeBookGone     = "book_gone"
)

// Codes of errors in fields, beside those with which the API checks shapes.
const (
	codeRequired   = "required"
	codeTooShort   = "too_short"
	codeTooLong    = "too_long"
	codeTooSmall   = "too_small"
	codeTooLarge   = "too_large"
	codeNotAllowed = "not_allowed"
	codeBadISBN    = "bad_isbn"
	codeISBNDigit  = "isbn_check_digit"
	codeISBNMusic  = "isbn_music"
	codeDuplicate  = "duplicate"
)
