// Package catalogapi is the contract of catalogsvc: its wire types and the
// client that calls it.
package catalogapi

import (
	"time"

	"bookstore/shared/money"
	"bookstore/shared/page"
)

// Conditions of a copy, from best to worst, as the used-book trade grades them.
const (
	ConditionNew        = "new"
	ConditionLikeNew    = "like_new"
	ConditionVeryGood   = "very_good"
	ConditionGood       = "good"
	ConditionAcceptable = "acceptable"
)

// Conditions lists all conditions from best to worst.
var Conditions = []string{ConditionNew, ConditionLikeNew, ConditionVeryGood, ConditionGood, ConditionAcceptable}

// Orders of a list of books. Relevance needs a search; without one it is newest.
const (
	SortRelevance = "relevance"
	SortNewest    = "newest"
	SortPriceAsc  = "price_asc"
	SortPriceDesc = "price_desc"
	SortTitle     = "title"
)

// Sorts lists all orders of a list of books.
var Sorts = []string{SortRelevance, SortNewest, SortPriceAsc, SortPriceDesc, SortTitle}

// MaxIDs bounds how many books one request may name.
const MaxIDs = 100

// MaxCover is the size in bytes that the file of a cover may have.
const MaxCover = 8 << 20

// CoverTypes are the media types of the files that a cover is made of.
var CoverTypes = []string{"image/jpeg", "image/png", "image/webp"}

// CoverWidths are the widths in pixels in which pictures can be had besides their
// own, which is at most 800. They are twice what lists and cards show, for fine
// screens.
var CoverWidths = []int{200, 400}

// Book is one seller's listing: copies of one edition in one condition.
type Book struct {
	ID          int64       `json:"id"`
	Version     int64       `json:"version" doc:"grows with each edit; send it back with the next one"`
	SellerID    int64       `json:"seller_id"`
	SellerName  string      `json:"seller_name"`
	Title       string      `json:"title"`
	Authors     []string    `json:"authors" nullable:"false"`
	ISBN        string      `json:"isbn,omitempty" doc:"ISBN-13 without hyphens; empty for editions without one"`
	Description string      `json:"description"`
	Category    string      `json:"category" doc:"a slug of GET /v1/categories"`
	Language    string      `json:"language" doc:"ISO 639-1"`
	Publisher   string      `json:"publisher"`
	Year        int         `json:"year,omitempty" doc:"of publication; negative: BC; 0: unknown"`
	Condition   string      `json:"condition" enum:"new,like_new,very_good,good,acceptable"`
	Price       money.Money `json:"price"`
	Stock       int64       `json:"stock" doc:"copies that can be bought now"`
	SKU         string      `json:"sku,omitempty" doc:"the seller's own number; only in answers to the seller and admins"`
	Cover       string      `json:"cover,omitempty" doc:"key of the picture of this copy, for GET /v1/covers/{key}; empty if it has none"`
	CreatedAt   time.Time   `json:"created_at"`
	UpdatedAt   time.Time   `json:"updated_at"`
	DelistedAt  *time.Time  `json:"delisted_at,omitempty" doc:"since when it is no longer offered; such a book is only in answers to whoever asks for it"`
}

// BookInput is what a seller says of a listing. Price is in minor units of the
// shop's currency.
type BookInput struct {
	Title       string   `json:"title" minLength:"1" maxLength:"300"`
	Authors     []string `json:"authors" nullable:"false" minItems:"1" maxItems:"20" doc:"each of 1 to 200 characters"`
	ISBN        string   `json:"isbn,omitempty" maxLength:"100" doc:"ISBN-13, ISBN-10 or nine-digit SBN, with or without hyphens, label and remarks"`
	Description string   `json:"description,omitempty" maxLength:"10000"`
	Category    string   `json:"category" minLength:"1" maxLength:"50"`
	Language    string   `json:"language" minLength:"2" maxLength:"2"`
	Publisher   string   `json:"publisher,omitempty" maxLength:"200"`
	Year        int      `json:"year,omitempty" minimum:"-3000" maximum:"2100"`
	Condition   string   `json:"condition" enum:"new,like_new,very_good,good,acceptable"`
	Price       int64    `json:"price" minimum:"1" maximum:"100000000" doc:"minor units"`
	Stock       int64    `json:"stock" minimum:"0" maximum:"100000"`
	SKU         string   `json:"sku,omitempty" maxLength:"64"`
}

// BookUpdate replaces a listing. Version and StockShown are those of the book
// the seller edited: another version is refused, and the stock changes by
// Stock − StockShown, so that copies sold meanwhile stay sold.
type BookUpdate struct {
	BookInput
	Version    int64 `json:"version" minimum:"1"`
	StockShown int64 `json:"stock_shown" minimum:"0"`
}

// Cleared is how many listings one call took off the shop; 0 when none is left.
type Cleared struct {
	Books int `json:"books"`
}

// BookQuery selects books that are on offer. A zero field restricts nothing.
// Prices are minor units.
type BookQuery struct {
	Q         string  `query:"q" maxLength:"200" doc:"words of the title, authors or ISBN; the last may be a beginning"`
	Category  string  `query:"category" maxLength:"50"`
	Condition string  `query:"condition" enum:"new,like_new,very_good,good,acceptable"`
	Language  string  `query:"language" maxLength:"2"`
	MinPrice  int64   `query:"min_price" minimum:"0"`
	MaxPrice  int64   `query:"max_price" minimum:"0"`
	InStock   bool    `query:"in_stock"`
	SellerID  int64   `query:"seller_id" minimum:"0"`
	Author    string  `query:"author" maxLength:"200" doc:"a name, or its words with hyphens in between; case and accents do not count"`
	ISBN      string  `query:"isbn" maxLength:"100"`
	IDs       []int64 `query:"ids" maxItems:"100" doc:"only these; unknown ones are left out"`
	Sort      string  `query:"sort" enum:"relevance,newest,price_asc,price_desc,title"`
	Limit     int     `query:"limit" minimum:"1" maximum:"100" default:"24"`
	Cursor    string  `query:"cursor" maxLength:"1000"`
}

// Books is one page of books. Total counts all that the query selects, up to
// MaxTotal, and comes with the first page only.
type Books struct {
	page.Page[Book]
	Total   int    `json:"total,omitempty"`
	Instead string `json:"instead,omitempty" doc:"what finds books where q, misspelled perhaps, finds none"`
}

// MaxTotal is where counting a list stops; that many means "this or more".
const MaxTotal = 1000

// RangeIDs is how many neighboring ids of books make a BookRange: fewer than one
// sitemap may name (sitemaps.org).
const RangeIDs = 1 << 15

// BookRange tells of the books on offer with neighboring ids: those from
// Number × RangeIDs on.
type BookRange struct {
	Number    int64     `json:"number"`
	Books     int64     `json:"books"`
	UpdatedAt time.Time `json:"updated_at" doc:"of the one that changed last, on offer or not"`
}

// BookRanges is a page of the ranges that have books on offer, by number.
type BookRanges = page.Page[BookRange]

// BookMark is a book on offer and when its listing changed last.
type BookMark struct {
	ID        int64     `json:"id"`
	UpdatedAt time.Time `json:"updated_at"`
}

// BookMarks are all of a range, by id.
type BookMarks struct {
	Items []BookMark `json:"items" nullable:"false"`
}

// Seller is authsvc's word on who sells.
type Seller struct {
	Name    string `json:"name" minLength:"1" maxLength:"100"`
	MaySell bool   `json:"may_sell"`
	Version int64  `json:"version" minimum:"1" doc:"grows with each change; an older word changes nothing"`
}

// Category is a subject that books are filed under. Its name is the reader's
// language's word for the slug.
type Category struct {
	Slug  string `json:"slug"`
	Books int64  `json:"books" doc:"listings with stock"`
}

// Categories lists all categories by slug.
type Categories struct {
	Items []Category `json:"items" nullable:"false"`
}

// States of a reservation.
const (
	ReservationHeld      = "held"
	ReservationCommitted = "committed"
	ReservationReleased  = "released"
)

// ReservationLine asks for copies of a book at the price that the buyer saw.
type ReservationLine struct {
	BookID   int64 `json:"book_id" minimum:"1"`
	Quantity int64 `json:"quantity" minimum:"1" maximum:"1000"`
	Price    int64 `json:"price" minimum:"0" doc:"minor units, each"`
}

// Reserve asks to hold copies until a time, all or nothing.
type Reserve struct {
	ExpiresAt time.Time         `json:"expires_at"`
	Lines     []ReservationLine `json:"lines" minItems:"1" maxItems:"100" nullable:"false"`
}

// Reservation is copies taken out of stock for an order.
type Reservation struct {
	ID        string            `json:"id"`
	State     string            `json:"state" enum:"held,committed,released"`
	ExpiresAt time.Time         `json:"expires_at"`
	Lines     []ReservationLine `json:"lines" nullable:"false"`
}

// Restock brings copies of a committed reservation back to the shelf. A second
// call under the same key changes nothing.
type Restock struct {
	Key   string        `json:"key" minLength:"1" maxLength:"100" doc:"what is undone, such as a shipment's id"`
	Lines []RestockLine `json:"lines" minItems:"1" maxItems:"100" nullable:"false"`
}

// RestockLine is copies of one book that come back.
type RestockLine struct {
	BookID   int64 `json:"book_id" minimum:"1"`
	Quantity int64 `json:"quantity" minimum:"1"`
}
