// Package store keeps the catalog in a database, MySQL or SQLite.
package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// Store is the catalog's database. It implements catalog.Store, catalog.Finder
// and what an index follows.
type Store struct{ db *sqldb.DB }

// New returns the store on db, which was opened with Migrations.
func New(db *sqldb.DB) *Store { return &Store{db} }

var (
	_ catalog.Store  = (*Store)(nil)
	_ catalog.Finder = (*Store)(nil)
)

// bookColumns are the columns of a book.
var bookColumns = []string{
	"books.id", "books.version", "books.seller_id", "sellers.name",
	"books.title", "books.authors", "books.isbn", "books.description",
	"books.category", "books.language", "books.publisher", "books.published_year",
	"books.copy_condition", "books.price", "books.sku", "books.stock", "books.cover",
	"books.created_at", "books.updated_at",
	"books.delisted_at", "books.suspended_at", // of which none is read of books on offer
}

var offerColumns = bookColumns[:len(bookColumns)-2]

const withSeller = "sellers ON sellers.id = books.seller_id"

// bookRow is where a row of bookColumns, or of offerColumns, is read into. One
// serves all rows of a query, for whose columns it has the places.
type bookRow struct {
	book                catalog.Book
	authors             string
	year                int64
	created, updated    int64
	delisted, suspended *int64
	places              []any
}

func newBookRow(columns []string) *bookRow {
	r := new(bookRow)
	b := &r.book
	r.places = []any{
		&b.ID, &b.Version, &b.SellerID, &b.SellerName,
		&b.Title, &r.authors, &b.ISBN, &b.Description,
		&b.Category, &b.Language, &b.Publisher, &r.year,
		&b.Condition, &b.Price, &b.SKU, &b.Stock, &b.Cover,
		&r.created, &r.updated, &r.delisted, &r.suspended,
	}[:len(columns)]
	return r
}

// scan reads a row and returns its book, which is the next row's from then on.
func (r *bookRow) scan(row sqldb.Row) (*catalog.Book, error) {
	if err := row.Scan(r.places...); err != nil {
		return nil, err
	}
	b := &r.book
	b.Year = int(r.year)
	b.CreatedAt, b.UpdatedAt, b.DelistedAt = sqldb.FromMicros(r.created), sqldb.FromMicros(r.updated), time.Time{}
	if r.delisted != nil {
		b.DelistedAt = sqldb.FromMicros(*r.delisted)
	}
	b.Suspended = r.suspended != nil
	var err error
	if b.Authors, err = decodeAuthors(r.authors); err != nil {
		return nil, fmt.Errorf("decode the authors of book %d: %w", b.ID, err)
	}
	return b, nil
}

// decodeAuthors reads a list of names in JSON. Names without anything escaped,
// which is nearly all, are parts of the list itself.
func decodeAuthors(list string) (authors []string, err error) {
	const begin, between, end = `["`, `","`, `"]`
	if len(list) >= len(begin)+len(end) && strings.HasPrefix(list, begin) && strings.HasSuffix(list, end) && !strings.Contains(list, `\`) {
		authors = strings.Split(list[len(begin):len(list)-len(end)], between)
		if strings.Count(list, `"`) == 2*len(authors) {
			return authors, nil
		}
	}
	err = json.Unmarshal([]byte(list), &authors)
	return authors, err
}

// Book implements catalog.Store. A replica that does not know the book yet
// leaves the answer to the writer.
func (s *Store) Book(ctx context.Context, id int64) (catalog.Book, error) {
	b, err := book(ctx, s.db.Reader(ctx), id)
	if errors.Is(err, catalog.ErrBookNotFound) {
		b, err = book(ctx, s.db.Writer(), id)
	}
	return b, err
}

// CurrentBook implements catalog.Store.
func (s *Store) CurrentBook(ctx context.Context, id int64) (catalog.Book, error) {
	return book(ctx, s.db.Writer(), id)
}

var bookText = text(sq.Select(bookColumns...).From("books").Join(withSeller).Where(sq.Eq{"books.id": 0}))

func book(ctx context.Context, q sqldb.Querier, id int64) (catalog.Book, error) {
	b, err := sqldb.QueryOne(ctx, q, sq.Expr(bookText, id), newBookRow(bookColumns).scan)
	if errors.Is(err, sqldb.ErrNotFound) {
		return catalog.Book{}, catalog.ErrBookNotFound
	}
	if err != nil {
		return catalog.Book{}, fmt.Errorf("read book %d: %w", id, err)
	}
	return *b, nil
}

// text returns the text of a query that is built once. What it is asked with
// comes later.
func text(query sq.SelectBuilder) string {
	text, _, err := query.ToSql()
	if err != nil {
		panic(fmt.Sprintf("store: %v", err)) // a mistake in the program
	}
	return text
}

func scanText(row sqldb.Row) (text string, err error) {
	err = row.Scan(&text)
	return text, err
}

func scanNumber(row sqldb.Row) (n int64, err error) {
	err = row.Scan(&n)
	return n, err
}
