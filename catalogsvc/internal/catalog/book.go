// Package catalog holds the rules of the catalog: what sellers may list, how
// readers find it, and how copies leave the shelf and come back to it. Every
// copy is on the shelf (stock), held by a reservation, or sold.
package catalog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"bookstore/catalogsvc/internal/isbn"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/text"

	"golang.org/x/text/language"
)

// Listing is what a seller says of a book.
type Listing struct {
	Title       string
	Authors     []string
	ISBN        string // of thirteen digits; empty for editions without one
	Description string
	Category    string // a slug
	Language    string // ISO 639-1
	Publisher   string
	Year        int // of publication; negative: BC; 0: unknown
	Condition   string
	Price       int64  // minor units of the shop's currency
	SKU         string // the seller's own number, which buyers never see
}

// Book is a listing in the catalog: copies of one edition in one condition.
type Book struct {
	ID         int64
	Version    int64 // grows with each edit
	SellerID   int64
	SellerName string
	Listing
	Stock      int64  // copies on the shelf
	Cover      string // key of the picture of this copy; empty: there is none
	CreatedAt  time.Time
	UpdatedAt  time.Time
	DelistedAt time.Time // zero while the book is on offer
	Suspended  bool      // delisted only as long as its seller may not sell
}

// Delisted reports whether the book was taken off the shop.
func (b Book) Delisted() bool { return !b.DelistedAt.IsZero() }

// shownTo returns b as who may see it: the SKU is for its seller and admins only.
func (b Book) shownTo(who Caller) Book {
	if !who.isAdmin() && (who.UserID == 0 || who.UserID != b.SellerID) {
		b.SKU = ""
	}
	return b
}

// remains returns what is told of a book that is no longer offered: which one it
// was. Its seller's words went off the shop with it.
func (b Book) remains() Book {
	b.Description, b.Stock = "", 0
	return b
}

// Edit is a seller's change of a listing.
type Edit struct {
	BookID      int64
	Version     int64 // of the listing that the seller edited
	StockChange int64 // copies to add to the shelf, or to take off it
	Seller      Seller
	Listing
	At time.Time
}

// Check returns an error that names every field of l which breaks a rule, the
// listing's stock among them, or nil.
func (l Listing) Check(stock int64) error {
	_, err := l.normalized(stock)
	return err
}

// normalized returns l as it is kept, or an error that names every field which
// breaks a rule, the listing's stock among them.
func (l Listing) normalized(stock int64) (Listing, error) {
	l.Title = text.Line(l.Title)
	l.Description = text.Lines(l.Description)
	l.Publisher = text.Line(l.Publisher)
	l.SKU = text.Line(l.SKU)
	l.Language = strings.ToLower(l.Language)
	authors := make([]string, len(l.Authors))
	for i, author := range l.Authors {
		authors[i] = text.Line(author)
	}
	l.Authors = authors

	var c check
	c.text("title", l.Title, catalogapi.MaxTitle, true)
	c.authors(l.Authors)
	l.ISBN = c.isbn(l.ISBN)
	c.text("description", l.Description, catalogapi.MaxDescription, false)
	c.allowed("category", IsCategory(l.Category))
	c.allowed("language", isLanguage(l.Language))
	c.text("publisher", l.Publisher, catalogapi.MaxPublisher, false)
	c.within("year", int64(l.Year), catalogapi.MinYear, catalogapi.MaxYear)
	c.allowed("condition", slices.Contains(catalogapi.Conditions, l.Condition))
	c.within("price", l.Price, 1, catalogapi.MaxPrice)
	c.within("stock", stock, 0, catalogapi.MaxStock)
	c.text("sku", l.SKU, catalogapi.MaxSKU, false)
	return l, c.err()
}

// isLanguage reports whether code is of ISO 639-1.
func isLanguage(code string) bool {
	base, err := language.ParseBase(code)
	return err == nil && len(code) == 2 && base.String() == code
}

// check collects the fields that break a rule.
type check struct{ fields []apierr.FieldError }

func (c *check) add(field, code string, params map[string]any) {
	c.fields = append(c.fields, apierr.FieldError{Field: field, Code: code, Params: params})
}

func (c *check) err() error {
	if len(c.fields) == 0 {
		return nil
	}
	return apierr.Invalid(c.fields...)
}

func (c *check) text(field, value string, limit int, required bool) {
	switch {
	case required && value == "":
		c.add(field, apierr.CodeRequired, nil)
	case utf8.RuneCountInString(value) > limit:
		c.add(field, apierr.CodeTooLong, map[string]any{"max": limit})
	}
}

func (c *check) authors(authors []string) {
	switch {
	case len(authors) == 0:
		c.add("authors", apierr.CodeRequired, nil)
	case len(authors) > catalogapi.MaxAuthors:
		c.add("authors", apierr.CodeTooLong, map[string]any{"max": catalogapi.MaxAuthors})
	default:
		for i, author := range authors {
			c.text(fmt.Sprintf("authors[%d]", i), author, catalogapi.MaxAuthor, true)
		}
	}
}

// isbn returns the ISBN in typed, which may be blank, as thirteen digits.
func (c *check) isbn(typed string) string {
	if text.Line(typed) == "" {
		return ""
	}
	isbn13, err := isbn.Parse(typed)
	switch {
	case errors.Is(err, isbn.ErrMusic):
		c.add("isbn", catalogapi.CodeISBNMusic, nil)
	case errors.Is(err, isbn.ErrCheckDigit):
		c.add("isbn", catalogapi.CodeISBNCheckDigit, nil)
	case err != nil:
		c.add("isbn", catalogapi.CodeBadISBN, nil)
	}
	return isbn13
}

func (c *check) allowed(field string, ok bool) {
	if !ok {
		c.add(field, apierr.CodeNotAllowed, nil)
	}
}

func (c *check) within(field string, n, least, most int64) {
	switch {
	case n < least:
		c.add(field, apierr.CodeTooSmall, map[string]any{"min": least})
	case n > most:
		c.add(field, apierr.CodeTooLarge, map[string]any{"max": most})
	}
}
