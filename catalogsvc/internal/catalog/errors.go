package catalog

import (
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
)

// The refusals of the catalog. Fields of a listing that break a rule are
// reported with apierr.Invalid instead.
var (
	// ErrBookNotFound: no such book, or no longer on offer.
	ErrBookNotFound = apierr.New(apierr.KindNotFound, catalogapi.CodeBookNotFound)
	// ErrUnauthenticated: the call needs an account.
	ErrUnauthenticated = apierr.New(apierr.KindUnauthenticated, apierr.CodeUnauthenticated)
	// ErrAdminsOnly: the call is for admins.
	ErrAdminsOnly = apierr.New(apierr.KindForbidden, apierr.CodeForbidden)
	// ErrSettingForbids: the shop does not allow it. The parameter setting names
	// what would.
	ErrSettingForbids = apierr.New(apierr.KindForbidden, apierr.CodeForbidden)
	// ErrSellersOnly: the caller has an account that does not sell.
	ErrSellersOnly = apierr.New(apierr.KindForbidden, catalogapi.CodeSellersOnly)
	// ErrSellerSuspended: the caller was just kept from selling.
	ErrSellerSuspended = apierr.New(apierr.KindForbidden, catalogapi.CodeSellerSuspended)
	// ErrNotYourBook: the listing belongs to another seller.
	ErrNotYourBook = apierr.New(apierr.KindForbidden, catalogapi.CodeNotYourBook)
	// ErrVersionConflict: the listing was edited since the caller read it. The
	// parameter version is the present one.
	ErrVersionConflict = apierr.New(apierr.KindConflict, catalogapi.CodeVersionConflict)
	// ErrStockTooLow: fewer copies are left than the edit takes away. The
	// parameter available says how many.
	ErrStockTooLow = apierr.New(apierr.KindConflict, catalogapi.CodeStockTooLow)

	// ErrCoverNotFound: no picture is under this key.
	ErrCoverNotFound = apierr.New(apierr.KindNotFound, catalogapi.CodeCoverNotFound)

	// ErrCoverEmpty: the file has no content.
	ErrCoverEmpty = apierr.Field("cover", catalogapi.CodeCoverEmpty)
	// ErrCoverFormat: the file is of no known kind.
	ErrCoverFormat = apierr.Field("cover", catalogapi.CodeCoverFormat)
	// ErrCoverAnimated: the picture moves.
	ErrCoverAnimated = apierr.Field("cover", catalogapi.CodeCoverAnimated)
	// ErrCoverTooLarge: the file has too many bytes. The field's parameter max
	// is in megabytes.
	ErrCoverTooLarge = apierr.Field("cover", catalogapi.CodeCoverTooLarge, "max", MaxCover>>20)

	// ErrLinesChanged: copies can't be reserved as asked. Each field is a line
	// with one of the codes catalogapi.CodeOutOfStock, CodePriceChanged and CodeBookGone.
	ErrLinesChanged = apierr.New(apierr.KindConflict, catalogapi.CodeLinesChanged)
	// ErrReservationNotFound: nothing was ever reserved under this id.
	ErrReservationNotFound = apierr.New(apierr.KindNotFound, catalogapi.CodeReservationNotFound)
	// ErrReservationReleased: the copies went back on the shelf, or were never
	// taken off it and now never will be.
	ErrReservationReleased = apierr.New(apierr.KindConflict, catalogapi.CodeReservationReleased)
	// ErrReservationCommitted: the copies are sold.
	ErrReservationCommitted = apierr.New(apierr.KindConflict, catalogapi.CodeReservationCommitted)
	// ErrReservationHeld: the copies are not sold yet, so none can come back.
	ErrReservationHeld = apierr.New(apierr.KindConflict, catalogapi.CodeReservationHeld)
	// ErrReservationDiffers: the id stands for other lines than these.
	ErrReservationDiffers = apierr.New(apierr.KindConflict, catalogapi.CodeReservationDiffers)
	// ErrRestockTooLarge: more copies would come back than were sold and stayed
	// away. The parameters are book_id and available.
	ErrRestockTooLarge = apierr.New(apierr.KindConflict, catalogapi.CodeRestockTooLarge)
)

// errCoverKind: the file is of a known kind that is not taken. The field's
// parameter kind names it, such as "HEIC".
func errCoverKind(kind string) error {
	return apierr.Field("cover", catalogapi.CodeCoverKind, "kind", kind)
}

// errCoverDamaged: the file is a JPEG, PNG or WebP picture, as its field's
// parameter kind says, but not a whole one.
func errCoverDamaged(kind string) error {
	return apierr.Field("cover", catalogapi.CodeCoverDamaged, "kind", kind)
}

// errCoverPixels: the picture has too many pixels. The field's parameter max
// is in megapixels.
func errCoverPixels(most int64) error {
	return apierr.Field("cover", catalogapi.CodeCoverPixels, "max", most/1_000_000)
}
