package api_test

import (
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/catalogapi"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
)

// BenchmarkPublicReads compares what most callers ask for with a bare handler
// that makes one query for the same rows and answers the same bytes.
func BenchmarkPublicReads(b *testing.B) {
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewJSONHandler(io.Discard, nil)))
	b.Cleanup(func() { slog.SetDefault(before) })
	urls := map[string]string{"sqlite": "sqlite:" + filepath.Join(b.TempDir(), "bench.db")}
	if os.Getenv(sqldbtest.EnvMySQL) != "" {
		urls["mysql"] = sqldbtest.NewMySQL(b)
	}
	for name, url := range urls {
		b.Run(name, func(b *testing.B) {
			db, err := sqldb.Open(b.Context(), sqldb.Config{URL: url}, store.Migrations)
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { db.Close() })
			w := newWorld(b, db)
			for i := range 200 {
				w.list(b, w.as(b, token.Seller, 1), novel(i))
			}
			pool := barePool(b, url)
			const bareList = "SELECT " + bareColumns + " WHERE books.delisted_at IS NULL ORDER BY books.id DESC LIMIT 25"
			for _, read := range []struct{ name, path, query string }{
				{"list", "/v1/books?limit=24", bareList},
				{"book", "/v1/books/100", "SELECT " + bareColumns + " WHERE books.id = 100"},
			} {
				bare := httptest.NewServer(bareHandler(b, pool, read.query, get(b, w.url+read.path)))
				b.Cleanup(bare.Close)
				b.Run(read.name+"/bare", func(b *testing.B) { load(b, bare.URL) })
				b.Run(read.name+"/ours", func(b *testing.B) { load(b, w.url+read.path) })
			}
		})
	}
}

func novel(i int) catalogapi.BookInput {
	in := emma()
	in.Title = fmt.Sprintf("The %dth Winter of the River & its Daughters", i)
	in.Authors = []string{"Ada Harbour", "José Ángel Peña"}
	in.Description = strings.Repeat("A quiet book about a loud family, read once. ", 6)
	in.Publisher = "Lantern Press"
	in.Price = 500 + int64(i)
	return in
}

const bareColumns = `books.id, books.version, books.seller_id, sellers.name, books.title, books.authors, books.isbn,
	books.description, books.category, books.language, books.publisher, books.published_year, books.copy_condition,
	books.price, books.sku, books.stock, books.cover, books.created_at, books.updated_at
	FROM books LEFT JOIN sellers ON sellers.id = books.seller_id`

// barePool is the database at url as a program opens it that has nothing else.
func barePool(b *testing.B, url string) *sql.DB {
	driver, source := "sqlite", "file:"+strings.TrimPrefix(url, "sqlite:")+"?mode=ro"
	if u, err := sqldb.ParseURL(url); err == nil && u.Dialect == sqldb.MySQL {
		driver, source = "mysql", u.Server.FormatDSN()
	}
	pool, err := sql.Open(driver, source)
	if err != nil {
		b.Fatal(err)
	}
	pool.SetMaxOpenConns(8)
	pool.SetMaxIdleConns(8)
	b.Cleanup(func() { pool.Close() })
	return pool
}

// bareHandler reads all rows of a prepared query and answers with body.
func bareHandler(b *testing.B, pool *sql.DB, query string, body []byte) http.Handler {
	statement, err := pool.Prepare(query)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { statement.Close() })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rows, err := statement.QueryContext(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer rows.Close()
		for rows.Next() {
			var numbers [8]int64
			var texts [11]string
			if err := rows.Scan(&numbers[0], &numbers[1], &numbers[2], &texts[0], &texts[1], &texts[2], &texts[3],
				&texts[4], &texts[5], &texts[6], &texts[7], &numbers[3], &texts[8], &numbers[4], &texts[9],
				&numbers[5], &texts[10], &numbers[6], &numbers[7]); err != nil {
				http.Error(w, err.Error(), http.StatusInternalServerError)
				return
			}
		}
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})
}

func get(b *testing.B, url string) []byte {
	resp, err := http.Get(url)
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		b.Fatalf("%s: %s %v", url, resp.Status, err)
	}
	return body
}

// load asks for url from four callers at a time.
func load(b *testing.B, url string) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	b.SetParallelism(2)
	before := cpuTime(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			resp, err := client.Get(url)
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, resp.Body)
			resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				b.Error(resp.Status)
			}
		}
	})
	b.ReportMetric(float64((cpuTime(b)-before).Microseconds())/float64(b.N), "cpu-µs/op")
}

// cpuTime is what this process, callers included, has used of the processors.
func cpuTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}
