package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shared/text"

	sq "github.com/Masterminds/squirrel"
	"github.com/go-sql-driver/mysql"
	_ "modernc.org/sqlite"
)

const (
	// batch is how many books a transaction writes, rows how many a statement.
	batch, rows = 5_000, 500
	// tokenFormat is that of the tokens that indexTokens makes. Catalogsvc makes
	// its own of books whose format is older.
	tokenFormat = 2
)

// fillTables writes books straight into a catalog's tables, as catalogsvc would
// write them when they are listed. The tables must be there: catalogsvc makes
// them when it starts.
func fillTables(ctx context.Context, w io.Writer, address string, o options) error {
	db, dialect, err := open(address)
	if err != nil {
		return err
	}
	defer db.Close()
	var last int64
	if err := db.QueryRowContext(ctx, "SELECT COALESCE(MAX(id), 0) FROM books").Scan(&last); err != nil {
		return fmt.Errorf("look for the catalog's tables: %w", err)
	}
	m, begun := newMaker(o.seed), time.Now()
	for done := 0; done < o.books; {
		books := make([]book, min(batch, o.books-done))
		for i := range books {
			books[i] = m.book(done+i, o.sellers)
		}
		if err := insert(ctx, db, dialect, last, books); err != nil {
			return fmt.Errorf("write books: %w", err)
		}
		done += len(books)
		last += int64(len(books))
		if done%100_000 == 0 || done == o.books {
			fmt.Fprintf(w, "%d books after %.0f s\n", done, time.Since(begun).Seconds())
		}
	}
	return nil
}

// open opens a database. SQLite has much memory for its indexes, into which
// every book goes at nine places far apart.
func open(address string) (*sql.DB, sqldb.Dialect, error) {
	u, err := sqldb.ParseURL(address)
	if err != nil {
		return nil, "", fmt.Errorf("-tables %w", err)
	}
	if u.Dialect == sqldb.MySQL {
		connector, err := mysql.NewConnector(u.Server)
		if err != nil {
			return nil, "", fmt.Errorf("-tables: %w", err)
		}
		return sql.OpenDB(connector), u.Dialect, nil
	}
	db, err := sql.Open("sqlite", "file:"+u.File+"?_pragma=busy_timeout(15000)&_pragma=synchronous(1)&_pragma=cache_size(-500000)&_txlock=immediate")
	return db, u.Dialect, err
}

// insert writes books in one transaction.
func insert(ctx context.Context, db *sql.DB, dialect sqldb.Dialect, last int64, books []book) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	for from := 0; from < len(books); from += rows {
		if err := insertRows(ctx, tx, dialect, last+int64(from), books[from:min(from+rows, len(books))]); err != nil {
			return err
		}
	}
	return tx.Commit()
}

func insertRows(ctx context.Context, tx *sql.Tx, dialect sqldb.Dialect, last int64, books []book) error {
	now := time.Now()
	sellers := sq.Insert("sellers").Columns("id", "name", "updated_at")
	listings := sq.Insert("books").Columns("id", "seller_id", "title", "sort_title", "authors", "isbn", "description", "category",
		"language", "publisher", "published_year", "copy_condition", "price", "sku", "stock", "created_at", "updated_at",
		"search_format", "search_version")
	tokens := sq.Insert("book_search").Columns("rowid", "words", "title_words")
	moves := sq.Insert("stock_moves").Columns("book_id", "kind", "stock_delta", "held_delta", "sold_delta", "reservation_id", "actor", "created_at")
	for i, b := range books {
		id, at := last+int64(i)+1, sqldb.Micros(now)+int64(i)
		authors, err := json.Marshal(b.Authors)
		if err != nil {
			return err
		}
		title := words(b.Title)
		sellers = sellers.Values(b.seller, fmt.Sprintf("Seller %d", b.seller), at)
		listings = listings.Values(id, b.seller, b.Title, strings.Join(title, " "), string(authors), b.ISBN, b.Description, b.Category,
			b.Language, b.Publisher, b.Year, b.Condition, b.Price, b.SKU, b.Stock, at, at, tokenFormat, 1)
		tokens = tokens.Values(id, strings.Join(indexTokens(b), " "), " "+strings.Join(marked(title), " ")+" ")
		moves = moves.Values(id, "listed", b.Stock, 0, 0, "", fmt.Sprintf("user:%d", b.seller), at)
	}
	for _, statement := range []sq.Sqlizer{sqldb.Upsert(dialect, sellers, []string{"id"}, nil), listings, tokens, moves} {
		if _, err := sqldb.Exec(ctx, tx, statement); err != nil {
			return err
		}
	}
	return nil
}

// words returns the folded words of a text.
func words(s string) []string {
	return strings.FieldsFunc(text.Fold(s), func(r rune) bool { return (r < 'a' || r > 'z') && (r < '0' || r > '9') })
}

// indexTokens returns the tokens under which a book is found. All words that are
// made up are plain letters once they are folded.
func indexTokens(b book) []string {
	all := words(b.Title + " " + strings.Join(b.Authors, " "))
	for _, field := range strings.Fields(b.Title) {
		if before, after, ok := strings.Cut(field, "'"); ok {
			all = append(all, words(before+after)...)
		}
	}
	if b.ISBN != "" {
		all = append(all, b.ISBN, isbn10(b.ISBN))
	}
	return marked(all)
}

// marked returns the tokens of words.
func marked(words []string) []string {
	tokens := make([]string, len(words))
	for i, word := range words {
		tokens[i] = "zz" + word
		if text.IsAnd(word) {
			tokens[i] = "zzand"
		}
	}
	return tokens
}

// isbn10 returns the older form of an ISBN that begins with 978.
func isbn10(isbn13 string) string {
	body, sum := isbn13[3:12], 0
	for i, digit := range body {
		sum += (10 - i) * int(digit-'0')
	}
	return body + string("0123456789x"[(11-sum%11)%11])
}
