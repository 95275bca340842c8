package store

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/search"
	"bookstore/shared/page"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// Find implements catalog.Finder.
func (s *Store) Find(ctx context.Context, sel catalog.Selection) (found catalog.Found, err error) {
	reader := s.reader(ctx, sel.Fresh)
	found.Places, err = sqldb.QueryAll(ctx, reader, s.list(sel), func(row sqldb.Row) (catalog.Place, error) {
		var at catalog.Place
		err := row.Scan(&at.ID, &at.Price, &at.Title, &at.Tier)
		return place(sel.Sort, at), err
	})
	if err != nil || sel.After != nil {
		return found, err
	}
	if found.Total = len(found.Places); found.Total == sel.Limit {
		found.Total, err = s.count(ctx, reader, sel)
	}
	return found, err
}

// place returns what the order needs of all columns that orders use.
func place(sort catalog.Sort, all catalog.Place) catalog.Place {
	at := catalog.Place{ID: all.ID}
	switch sort {
	case catalog.SortRelevance:
		at.Tier = all.Tier
	case catalog.SortPriceAsc, catalog.SortPriceDesc:
		at.Price = all.Price
	case catalog.SortTitle:
		at.Title = all.Title
	}
	return at
}

// count counts what sel selects, from any place, and stops at the most that a
// total may be.
func (s *Store) count(ctx context.Context, reader sqldb.Querier, sel catalog.Selection) (int, error) {
	counted := s.selected(sel, "books.id").Limit(catalog.MaxTotal)
	n, err := sqldb.QueryOne(ctx, reader, sq.Select("COUNT(*)").FromSelect(counted, "counted"), scanNumber)
	return int(n), err
}

// Respell implements catalog.Finder: the database does not know similar words.
func (s *Store) Respell(context.Context, []string) ([]string, error) { return nil, nil }

// Wrote implements catalog.Finder: the database knows by itself.
func (s *Store) Wrote(context.Context) {}

// Moved implements catalog.Finder, likewise.
func (s *Store) Moved() {}

// BooksOnOffer implements catalog.Store. What a replica does not know yet is
// left to the writer.
func (s *Store) BooksOnOffer(ctx context.Context, ids []int64, fresh bool) ([]catalog.Book, error) {
	books := make([]catalog.Book, len(ids))
	put := func(b catalog.Book) { books[slices.Index(ids, b.ID)] = b }
	err := onOffer(ctx, s.reader(ctx, fresh), ids, put)
	if err == nil && !fresh {
		err = onOffer(ctx, s.db.Writer(), missing(ids, books), put)
	}
	return slices.DeleteFunc(books, func(b catalog.Book) bool { return b.ID == 0 }), err
}

// missing returns those of ids that have no book at their places.
func missing(ids []int64, books []catalog.Book) (missing []int64) {
	for i, id := range ids {
		if books[i].ID == 0 {
			missing = append(missing, id)
		}
	}
	return missing
}

// onOffer hands those books of ids that are on offer to put, in no order.
func onOffer(ctx context.Context, q sqldb.Querier, ids []int64, put func(catalog.Book)) error {
	if len(ids) == 0 {
		return nil
	}
	found := newBookRow(offerColumns)
	_, err := sqldb.QueryAll(ctx, q, onOfferQuery(ids), func(row sqldb.Row) (none struct{}, err error) {
		b, err := found.scan(row)
		if err == nil {
			put(*b)
		}
		return none, err
	})
	return err
}

// onOfferTexts are the texts of onOffer's statement for so many ids. They are
// few, so that connections keep them prepared.
var onOfferTexts = func() (texts []onOfferText) {
	for _, ids := range []int{1, 8, page.DefaultLimit, page.MaxLimit / 2, page.MaxLimit} {
		texts = append(texts, onOfferText{ids, onOfferSQL(ids)})
	}
	return texts
}()

type onOfferText struct {
	ids  int
	text string
}

func onOfferSQL(ids int) string {
	return text(sq.Select(offerColumns...).From("books").LeftJoin(withSeller).
		Where(sq.Eq{"books.id": make([]int64, ids), "books.delisted_at": nil}))
}

// onOfferQuery asks for ids, for the last of them also in the places that the
// text has left.
func onOfferQuery(ids []int64) sq.Sqlizer {
	for _, t := range onOfferTexts {
		if t.ids >= len(ids) {
			return sq.Expr(t.text, idArgs(ids, t.ids)...)
		}
	}
	return sq.Expr(onOfferSQL(len(ids)), idArgs(ids, len(ids))...)
}

func idArgs(ids []int64, places int) []any {
	args := make([]any, places)
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)]
	}
	return args
}

// CategoryCounts implements catalog.Finder.
func (s *Store) CategoryCounts(ctx context.Context, fresh bool) (map[string]int64, error) {
	counts := map[string]int64{}
	query := sq.Select("category", "COUNT(*)").From("books").
		Where(sq.Eq{"in_stock": 1, "delisted_at": nil}).GroupBy("category")
	_, err := sqldb.QueryAll(ctx, s.reader(ctx, fresh), query, func(row sqldb.Row) (slug string, err error) {
		var n int64
		err = row.Scan(&slug, &n)
		counts[slug] = n
		return slug, err
	})
	return counts, err
}

func (s *Store) reader(ctx context.Context, fresh bool) sqldb.Querier {
	if fresh {
		return s.db.Writer()
	}
	return s.db.Reader(ctx)
}

// list selects the columns of places in the order and from the place that sel
// asks for. Only the ids are sorted; the rest is fetched for those that are
// shown.
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
	return sq.Select("books.id", "books.price", "books.sort_title", "found.tier").
		FromSelect(top.Limit(uint64(sel.Limit)), "found").
		Join("books ON books.id = found.id").
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
	if words := wordsOf(sel); len(words) > 0 {
		query = query.Join("book_search ON book_search.rowid = books.id").Where(s.match(words))
	}
	return filtered(query, sel.Filter)
}

// wordsOf returns the words that all books of sel have. The database does not tell
// an author's name from the same words in a title: books about them are among it
// until the index is ready.
func wordsOf(sel catalog.Selection) []string {
	words := search.Words(sel.Author)
	if sel.Search != nil {
		words = append(words, sel.Search.Words...)
	}
	return words
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
