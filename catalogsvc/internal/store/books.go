package store

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/idempotency"
	"bookstore/shared/idempotency/keystore"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// AddBook implements catalog.Store.
func (s *Store) AddBook(ctx context.Context, request idempotency.Request, b catalog.Book) (int64, error) {
	values, err := listingValues(b.Listing)
	if err != nil {
		return 0, err
	}
	values["seller_id"] = b.SellerID
	values["stock"] = b.Stock
	values["created_at"] = sqldb.Micros(b.CreatedAt)
	values["updated_at"] = sqldb.Micros(b.UpdatedAt)
	maps.Copy(values, indexed(1))
	id, _, err := keystore.Once(ctx, s.db, request, b.CreatedAt, func(ctx context.Context, tx *sqldb.Tx) (int64, error) {
		if err := s.keepSeller(ctx, tx, catalog.Seller{ID: b.SellerID, Name: b.SellerName}, b.CreatedAt); err != nil {
			return 0, err
		}
		id, err := sqldb.InsertID(ctx, tx, sq.Insert("books").SetMap(values))
		if err != nil {
			return 0, fmt.Errorf("insert the book: %w", err)
		}
		words, titleWords := indexTexts(b.Listing)
		index := sq.Insert("book_search").Columns("rowid", "words", "title_words").Values(id, words, titleWords)
		if _, err := sqldb.Exec(ctx, tx, index); err != nil {
			return 0, fmt.Errorf("index book %d: %w", id, err)
		}
		by := origin{actor: catalog.UserActor(b.SellerID), at: b.CreatedAt}
		return id, insertMoves(ctx, tx, by, move{bookID: id, kind: catalog.MoveListed, stock: b.Stock})
	})
	return id, err
}

// SweepKeys implements catalog.Store.
func (s *Store) SweepKeys(ctx context.Context, before time.Time) error {
	return keystore.Sweep(ctx, s.db, before)
}

// EditBook implements catalog.Store.
func (s *Store) EditBook(ctx context.Context, e catalog.Edit) error {
	values, err := listingValues(e.Listing)
	if err != nil {
		return err
	}
	values["version"] = e.Version + 1
	values["stock"] = sq.Expr("stock + ?", e.StockChange)
	values["updated_at"] = sqldb.Micros(e.At)
	maps.Copy(values, indexed(e.Version+1))
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		n, err := sqldb.Exec(ctx, tx, sq.Update("books").SetMap(values).
			Where(sq.Eq{"id": e.BookID, "version": e.Version, "delisted_at": nil}).
			Where(sq.GtOrEq{"stock": -e.StockChange}))
		if err != nil {
			return fmt.Errorf("update the book: %w", err)
		}
		if n == 0 {
			return refusedEdit(ctx, tx, e)
		}
		if err := s.keepSeller(ctx, tx, e.Seller, e.At); err != nil {
			return err
		}
		if err := updateIndex(ctx, tx, e.BookID, e.Listing); err != nil {
			return err
		}
		if e.StockChange == 0 {
			return logChange(ctx, tx, e.BookID, e.At)
		}
		by := origin{actor: catalog.UserActor(e.Seller.ID), at: e.At}
		return insertMoves(ctx, tx, by, move{bookID: e.BookID, kind: catalog.MoveAdjusted, stock: e.StockChange})
	})
}

// refusedEdit finds out which guard refused e.
func refusedEdit(ctx context.Context, tx *sqldb.Tx, e catalog.Edit) error {
	b, err := book(ctx, tx, e.BookID)
	switch {
	case err != nil:
		return err
	case b.Delisted():
		return catalog.ErrBookNotFound
	case b.Version != e.Version:
		return catalog.ErrVersionConflict.With("version", b.Version)
	}
	return catalog.ErrStockTooLow.With("available", b.Stock)
}

// DelistBook implements catalog.Store.
func (s *Store) DelistBook(ctx context.Context, id int64, actor string, at time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		// From here on the row is ours, so the stock below can't change.
		n, err := sqldb.Exec(ctx, tx, sq.Update("books").
			Set("version", sq.Expr("version + 1")).
			Set("delisted_at", sqldb.Micros(at)).
			Set("suspended_at", nil).
			Set("updated_at", sqldb.Micros(at)).
			Where(sq.Eq{"id": id}).
			Where(listed))
		if err != nil {
			return fmt.Errorf("mark the book: %w", err)
		}
		if n == 0 {
			return catalog.ErrBookNotFound
		}
		b, err := book(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := sqldb.Exec(ctx, tx, sq.Update("books").Set("stock", 0).Where(sq.Eq{"id": id})); err != nil {
			return fmt.Errorf("clear the stock: %w", err)
		}
		if _, err := sqldb.Exec(ctx, tx, sq.Delete("book_search").Where(sq.Eq{"rowid": id})); err != nil {
			return fmt.Errorf("take the book out of the index: %w", err)
		}
		return insertMoves(ctx, tx, origin{actor: actor, at: at}, move{bookID: id, kind: catalog.MoveDelisted, stock: -b.Stock})
	})
}

// listed selects the books that nobody has delisted: those on offer, and those
// that are off the shop as long as their sellers are.
var listed = sq.Or{sq.Eq{"delisted_at": nil}, sq.NotEq{"suspended_at": nil}}

// Listed implements catalog.Store.
func (s *Store) Listed(ctx context.Context, limit int) ([]int64, error) {
	query := sq.Select("id").From("books").Where(listed).OrderBy("id").Limit(uint64(limit))
	return sqldb.QueryAll(ctx, s.db.Writer(), query, func(row sqldb.Row) (id int64, err error) {
		err = row.Scan(&id)
		return id, err
	})
}

// SetCover implements catalog.Store.
func (s *Store) SetCover(ctx context.Context, id int64, key string, at time.Time) error {
	update := sq.Update("books").Set("cover", key).Set("updated_at", sqldb.Micros(at)).
		Where(sq.Eq{"id": id, "delisted_at": nil}).Where(sq.NotEq{"cover": key})
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		n, err := sqldb.Exec(ctx, tx, update)
		if err != nil {
			return fmt.Errorf("update the book: %w", err)
		}
		if n > 0 {
			return nil
		}
		b, err := book(ctx, tx, id)
		if err == nil && b.Delisted() {
			err = catalog.ErrBookNotFound
		}
		return err
	})
}

// listingValues are the columns of books that a seller's words fill.
func listingValues(l catalog.Listing) (map[string]any, error) {
	authors, err := json.Marshal(l.Authors)
	if err != nil {
		return nil, fmt.Errorf("encode the authors: %w", err)
	}
	return map[string]any{
		"title":          l.Title,
		"sort_title":     l.SortTitle(),
		"authors":        string(authors),
		"isbn":           l.ISBN,
		"description":    l.Description,
		"category":       l.Category,
		"language":       l.Language,
		"publisher":      l.Publisher,
		"published_year": l.Year,
		"copy_condition": l.Condition,
		"price":          l.Price,
		"sku":            l.SKU,
	}, nil
}

// indexTexts are the columns of book_search.
func indexTexts(l catalog.Listing) (words, titleWords string) {
	return strings.Join(l.IndexWords(), " "), inBlanks(l.TitleWords())
}

// updateIndex replaces the tokens of a book on offer.
func updateIndex(ctx context.Context, tx *sqldb.Tx, id int64, l catalog.Listing) error {
	words, titleWords := indexTexts(l)
	index := sq.Update("book_search").Set("words", words).Set("title_words", titleWords).Where(sq.Eq{"rowid": id})
	if _, err := sqldb.Exec(ctx, tx, index); err != nil {
		return fmt.Errorf("index the book: %w", err)
	}
	return nil
}

// inBlanks joins words with a blank around each, so that LIKE finds whole ones.
func inBlanks(words []string) string { return " " + strings.Join(words, " ") + " " }
