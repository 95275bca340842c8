// Command bare is what the bench measures the shop against: net/http that
// answers with bytes it was given, handlers of one query each, and argon2id
// alone. It ends with its standard input.
package main

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"sync"
	"time"

	"bookstore/shared/catalogapi"
	"bookstore/shared/money"
	"bookstore/shared/sqldb"

	"github.com/alexedwards/argon2id"
	"github.com/go-sql-driver/mysql"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

func main() {
	addr := flag.String("addr", "", "where to listen")
	catalog := flag.String("catalog", "", "the catalog's database, as in its DATABASE_URL")
	hash := flag.String("hash", "", "the argon2id hash that passwords are compared with")
	flag.Parse()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // until whoever started it is gone
		os.Exit(0)
	}()
	if err := run(*addr, *catalog, *hash); err != nil {
		fmt.Fprintln(os.Stderr, "bare:", err)
		os.Exit(1)
	}
}

func run(addr, catalog, hash string) error {
	db, err := open(catalog)
	if err != nil {
		return err
	}
	books, err := prepare(db)
	if err != nil {
		return err
	}
	answers := &answers{}
	mux := http.NewServeMux()
	mux.HandleFunc("PUT /answers/", answers.keep)
	mux.HandleFunc("GET /answers/", answers.give)
	mux.HandleFunc("GET /books", books.list)
	mux.HandleFunc("GET /books/{id}", books.one)
	mux.Handle("POST /login", comparing(hash))
	mux.HandleFunc("GET /ready", func(http.ResponseWriter, *http.Request) {})
	return http.ListenAndServe(addr, mux)
}

// answers are whole answers by path.
type answers struct{ byPath sync.Map }

type answer struct {
	header http.Header
	body   []byte
}

func (a *answers) keep(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	kept := answer{http.Header{}, body}
	for name, values := range r.Header {
		if name != "Content-Length" && name != "Accept-Encoding" && name != "User-Agent" {
			kept.header[name] = values
		}
	}
	a.byPath.Store(r.URL.Path, kept)
}

func (a *answers) give(w http.ResponseWriter, r *http.Request) {
	kept, ok := a.byPath.Load(r.URL.Path)
	if !ok {
		http.NotFound(w, r)
		return
	}
	for name, values := range kept.(answer).header {
		w.Header()[name] = values
	}
	_, _ = w.Write(kept.(answer).body)
}

// books answers with what one query finds.
type books struct{ newest, byID *sql.Stmt }

const columns = `SELECT b.id, b.version, b.seller_id, COALESCE(s.name, ''), b.title, b.authors, b.isbn, b.description, b.category,
	b.language, b.publisher, b.published_year, b.copy_condition, b.price, b.stock, b.created_at, b.updated_at
	FROM books b LEFT JOIN sellers s ON s.id = b.seller_id WHERE b.delisted_at IS NULL AND `

func prepare(db *sql.DB) (*books, error) {
	newest, err := db.Prepare(columns + "b.id > ? ORDER BY b.id DESC LIMIT 24")
	if err != nil {
		return nil, fmt.Errorf("prepare the list: %w", err)
	}
	byID, err := db.Prepare(columns + "b.id = ?")
	if err != nil {
		return nil, fmt.Errorf("prepare the book: %w", err)
	}
	return &books{newest, byID}, nil
}

func (b *books) list(w http.ResponseWriter, r *http.Request) {
	found, err := read(r.Context(), b.newest, 0)
	respond(w, map[string]any{"items": found}, err)
}

func (b *books) one(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	found, err := read(r.Context(), b.byID, id)
	if err == nil && len(found) == 0 {
		err = sql.ErrNoRows
	}
	if err != nil {
		respond(w, nil, err)
		return
	}
	respond(w, found[0], nil)
}

func read(ctx context.Context, query *sql.Stmt, id int64) ([]catalogapi.Book, error) {
	rows, err := query.QueryContext(ctx, id)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []catalogapi.Book
	for rows.Next() {
		b := catalogapi.Book{Price: money.Money{Currency: "USD"}}
		var authors []byte
		var created, updated int64
		err := rows.Scan(&b.ID, &b.Version, &b.SellerID, &b.SellerName, &b.Title, &authors, &b.ISBN, &b.Description, &b.Category,
			&b.Language, &b.Publisher, &b.Year, &b.Condition, &b.Price.Amount, &b.Stock, &created, &updated)
		if err == nil {
			err = json.Unmarshal(authors, &b.Authors)
		}
		if err != nil {
			return nil, err
		}
		b.CreatedAt, b.UpdatedAt = time.UnixMicro(created).UTC(), time.UnixMicro(updated).UTC()
		found = append(found, b)
	}
	return found, rows.Err()
}

func respond(w http.ResponseWriter, body any, err error) {
	encoded, encodeErr := json.Marshal(body)
	if err = cmp.Or(err, encodeErr); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(encoded)
}

// comparing compares a password with a hash, as many at once as there are cores:
// more would only take each other's time and memory.
func comparing(hash string) http.HandlerFunc {
	running := make(chan struct{}, runtime.GOMAXPROCS(0))
	return func(w http.ResponseWriter, r *http.Request) {
		password, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		running <- struct{}{}
		matches, err := argon2id.ComparePasswordAndHash(string(password), hash)
		<-running
		if err != nil || !matches {
			http.Error(w, fmt.Sprint("no match: ", err), http.StatusUnauthorized)
		}
	}
}

func open(address string) (*sql.DB, error) {
	u, err := sqldb.ParseURL(address)
	if err != nil {
		return nil, fmt.Errorf("-catalog %w", err)
	}
	if u.Dialect == sqldb.MySQL {
		connector, err := mysql.NewConnector(u.Server)
		if err != nil {
			return nil, fmt.Errorf("-catalog: %w", err)
		}
		db := sql.OpenDB(connector)
		db.SetMaxIdleConns(16) // else most are closed again after each query
		return db, nil
	}
	db, err := sql.Open("sqlite", "file:"+u.File+"?mode=ro&_pragma=busy_timeout(15000)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(runtime.GOMAXPROCS(0))
	db.SetMaxIdleConns(runtime.GOMAXPROCS(0))
	return db, nil
}
