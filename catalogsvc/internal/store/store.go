// Package store keeps the catalog in a database, MySQL or SQLite.
package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

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

// bookColumns are what scanBook reads.
var bookColumns = []string{
	"books.id", "books.version", "books.seller_id", "sellers.name",
	"books.title", "books.authors", "books.isbn", "books.description",
	"books.category", "books.language", "books.publisher", "books.published_year",
	"books.copy_condition", "books.price", "books.sku", "books.stock", "books.cover",
	"books.created_at", "books.updated_at", "books.delisted_at", "books.suspended_at",
}

const withSeller = "sellers ON sellers.id = books.seller_id"

// scanBook reads bookColumns.
func scanBook(row sqldb.Row) (catalog.Book, error) {
	var (
		b                   catalog.Book
		authors             string
		created, updated    int64
		delisted, suspended *int64
	)
	err := row.Scan(
		&b.ID, &b.Version, &b.SellerID, &b.SellerName,
		&b.Title, &authors, &b.ISBN, &b.Description,
		&b.Category, &b.Language, &b.Publisher, &b.Year,
		&b.Condition, &b.Price, &b.SKU, &b.Stock, &b.Cover,
		&created, &updated, &delisted, &suspended,
	)
	if err != nil {
		return b, err
	}
	b.CreatedAt, b.UpdatedAt = sqldb.FromMicros(created), sqldb.FromMicros(updated)
	if delisted != nil {
		b.DelistedAt = sqldb.FromMicros(*delisted)
	}
	b.Suspended = suspended != nil
	if b.Authors, err = decodeAuthors(authors); err != nil {
		return b, fmt.Errorf("decode the authors of book %d: %w", b.ID, err)
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
	b, err := sqldb.QueryOne(ctx, q, sq.Expr(bookText, id), scanBook)
	if errors.Is(err, sqldb.ErrNotFound) {
		return b, catalog.ErrBookNotFound
	}
	if err != nil {
		return b, fmt.Errorf("read book %d: %w", id, err)
	}
	return b, nil
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
