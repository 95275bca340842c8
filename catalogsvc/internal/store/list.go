package store

import (
	"context"
	"fmt"
	"strings"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// Books implements catalog.Store.
func (s *Store) Books(ctx context.Context, sel catalog.Selection) ([]catalog.Match, error) {
	query := s.list(sel)
	return sqldb.QueryAll(ctx, s.reader(ctx, sel), query, func(row sqldb.Row) (catalog.Match, error) {
		var at catalog.Place
		b, err := scanBook(row, &at.Title, &at.Tier)
		return catalog.Match{Book: b, Place: place(sel.Sort, b, at)}, err
	})
}

// place returns what of a book's columns the order needs.
func place(sort catalog.Sort, b catalog.Book, all catalog.Place) catalog.Place {
	at := catalog.Place{ID: b.ID}
	switch sort {
	case catalog.SortRelevance:
		at.Tier = all.Tier
	case catalog.SortPriceAsc, catalog.SortPriceDesc:
		at.Price = b.Price
	case catalog.SortTitle:
		at.Title = all.Title
	}
	return at
}

// CountBooks implements catalog.Store.
func (s *Store) CountBooks(ctx context.Context, sel catalog.Selection, most int) (int, error) {
	counted := s.selected(sel, "books.id").Limit(uint64(most))
	query := sq.Select("COUNT(*)").FromSelect(counted, "counted")
	n, err := sqldb.QueryOne(ctx, s.reader(ctx, sel), query, scanNumber)
	return int(n), err
}

// CategoryCounts implements catalog.Store.
func (s *Store) CategoryCounts(ctx context.Context) (map[string]int64, error) {
	counts := map[string]int64{}
	query := sq.Select("category", "COUNT(*)").From("books").
		Where(sq.Eq{"in_stock": 1, "delisted_at": nil}).GroupBy("category")
	_, err := sqldb.QueryAll(ctx, s.db.Reader(ctx), query, func(row sqldb.Row) (slug string, err error) {
		var n int64
		err = row.Scan(&slug, &n)
		counts[slug] = n
		return slug, err
	})
	return counts, err
}

func (s *Store) reader(ctx context.Context, sel catalog.Selection) sqldb.Querier {
	if sel.Fresh {
		return s.db.Writer()
	}
	return s.db.Reader(ctx)
}

// list selects bookColumns, sort_title and tier in the order and from the
// place that sel asks for. Only the ids are sorted; the rest of a row is
// fetched for those that are shown.
func (s *Store) list(sel catalog.Selection) sq.SelectBuilder {
	var top sq.SelectBuilder
	var order []string
	if sel.Sort == catalog.SortRelevance {
		top, order = s.ranked(sel), []string{"found.tier", "found.id DESC"}
	} else {
		query := s.selected(sel, "books.id AS id", "0 AS tier")
		order = orders[sel.Sort]
		top = after(query, sel.Sort, sel.After).OrderBy(order...)
	}
	// The left join keeps the database from beginning with the sellers.
	return sq.Select(bookColumns...).Columns("books.sort_title", "found.tier").
		FromSelect(top.Limit(uint64(sel.Limit)), "found").
		Join("books ON books.id = found.id").LeftJoin(withSeller).
		OrderBy(order...)
}

// orders but relevance are by columns that an index has in the same direction
// as the id.
var orders = map[catalog.Sort][]string{
	catalog.SortNewest:    {"books.id DESC"},
	catalog.SortPriceAsc:  {"books.price", "books.id"},
	catalog.SortPriceDesc: {"books.price DESC", "books.id DESC"},
	catalog.SortTitle:     {"books.sort_title", "books.id"},
}

// after restricts query to what comes after a place in one of orders.
func after(query sq.SelectBuilder, sort catalog.Sort, at *catalog.Place) sq.SelectBuilder {
	if at == nil {
		return query
	}
	switch sort {
	case catalog.SortPriceAsc:
		return query.Where("books.price >= ? AND (books.price > ? OR books.id > ?)", at.Price, at.Price, at.ID)
	case catalog.SortPriceDesc:
		return query.Where("books.price <= ? AND (books.price < ? OR books.id < ?)", at.Price, at.Price, at.ID)
	case catalog.SortTitle:
		return query.Where("books.sort_title >= ? AND (books.sort_title > ? OR books.id > ?)", at.Title, at.Title, at.ID)
	}
	return query.Where(sq.Lt{"books.id": at.ID})
}

// ranked selects the ids of what sel finds by tier.
func (s *Store) ranked(sel catalog.Selection) sq.SelectBuilder {
	ranking := s.selected(sel, "books.id AS id").Column(sq.Alias(tier(sel.Search), "tier"))
	query := sq.Select("id", "tier").FromSelect(ranking, "ranking").OrderBy("tier", "id DESC")
	if at := sel.After; at != nil {
		query = query.Where("(tier > ? OR tier = ? AND id < ?)", at.Tier, at.Tier, at.ID)
	}
	return query
}

// tier computes the rank of a found book; see catalog's tiers.
func tier(search *catalog.Search) sq.Sqlizer {
	words := search.Title
	begins := strings.TrimSuffix(inBlanks(words), " ") + "%"
	all := sq.And{sq.Like{"book_search.title_words": "% " + words[len(words)-1] + "%"}}
	for _, word := range words[:len(words)-1] {
		all = append(all, sq.Like{"book_search.title_words": "% " + word + " %"})
	}
	rank := sq.Case()
	if search.ISBN != "" {
		rank = rank.When(sq.Eq{"books.isbn": search.ISBN}, sq.Expr(fmt.Sprint(catalog.TierISBN)))
	}
	return rank.
		When(sq.Eq{"book_search.title_words": inBlanks(words)}, sq.Expr(fmt.Sprint(catalog.TierTitle))).
		When(sq.Like{"book_search.title_words": begins}, sq.Expr(fmt.Sprint(catalog.TierTitleBegins))).
		When(all, sq.Expr(fmt.Sprint(catalog.TierTitleWords))).
		Else(sq.Expr(fmt.Sprint(catalog.TierElse)))
}

// selected selects columns of all the books on offer that sel asks for, in no
// order and from no place.
func (s *Store) selected(sel catalog.Selection, columns ...string) sq.SelectBuilder {
	query := sq.Select(columns...).From("books").Where(sq.Eq{"books.delisted_at": nil})
	if sel.Search != nil {
		query = query.Join("book_search ON book_search.rowid = books.id").Where(s.match(sel.Search.Words))
	}
	return filtered(query, sel.Filter)
}

func filtered(query sq.SelectBuilder, f catalog.Filter) sq.SelectBuilder {
	for _, equal := range []struct{ column, value string }{
		{"books.category", f.Category},
		{"books.copy_condition", f.Condition},
		{"books.language", f.Language},
		{"books.isbn", f.ISBN},
	} {
		if equal.value != "" {
			query = query.Where(sq.Eq{equal.column: equal.value})
		}
	}
	if f.MinPrice > 0 {
		query = query.Where(sq.GtOrEq{"books.price": f.MinPrice})
	}
	if f.MaxPrice > 0 {
		query = query.Where(sq.LtOrEq{"books.price": f.MaxPrice})
	}
	if f.InStock {
		query = query.Where(sq.Eq{"books.in_stock": 1})
	}
	if f.SellerID > 0 {
		query = query.Where(sq.Eq{"books.seller_id": f.SellerID})
	}
	if len(f.IDs) > 0 {
		query = query.Where(sq.Eq{"books.id": f.IDs})
	}
	return query
}

// match asks the full-text engine for all words, the last as a beginning. The
// words are tokens of letters and digits, so there is nothing to escape.
func (s *Store) match(words []string) sq.Sqlizer {
	if s.db.Dialect() == sqldb.MySQL {
		return sq.Expr("MATCH (book_search.words) AGAINST (? IN BOOLEAN MODE)", "+"+strings.Join(words, " +")+"*")
	}
	return sq.Expr("book_search MATCH ?", `"`+strings.Join(words, `" AND "`)+`" *`)
}
