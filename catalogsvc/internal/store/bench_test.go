package store_test

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
)

// onEach runs bench on every database there is, as sqldbtest does for tests.
func onEach(b *testing.B, bench func(b *testing.B, s *store.Store)) {
	urls := map[string]func(*testing.B) string{
		"sqlite": func(b *testing.B) string { return "sqlite:" + filepath.Join(b.TempDir(), "bench.db") },
		"mysql":  func(b *testing.B) string { return sqldbtest.NewMySQL(b) },
	}
	for name, newURL := range urls {
		b.Run(name, func(b *testing.B) {
			db, err := sqldb.Open(b.Context(), sqldb.Config{URL: newURL(b)}, store.Migrations)
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { db.Close() })
			bench(b, store.New(db))
		})
	}
}

// BenchmarkReserveAHotBook is many buyers of one book, who all get it.
func BenchmarkReserveAHotBook(b *testing.B) {
	onEach(b, func(b *testing.B, s *store.Store) {
		book := addStock(b, s, 1<<40)
		var n atomic.Int64
		b.SetParallelism(16)
		b.ResetTimer()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				id := fmt.Sprint("r-", n.Add(1))
				if _, err := s.Reserve(b.Context(), hold(id, of(book, 1)), noon); err != nil {
					b.Error(err)
				}
			}
		})
		b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "reservations/s")
	})
}

const benchBooks = 20_000

// BenchmarkSearch looks through many listings for words that few, some and
// nearly all of them have.
func BenchmarkSearch(b *testing.B) {
	onEach(b, func(b *testing.B, s *store.Store) {
		fill(b, s)
		for name, sel := range map[string]catalog.Selection{
			"isbn":      searching("978-0-14-143958-7"),
			"two-words": searching("river winter"),
			"common":    searching("the"),
			"typing-1":  searching("w"),
			"typing-3":  searching("win"),
			"newest":    {Sort: catalog.SortNewest},
			"category":  {Sort: catalog.SortPriceAsc, Filter: catalog.Filter{Category: "classics"}},
			"by-price":  {Search: catalog.ParseSearch("the"), Sort: catalog.SortPriceAsc},
		} {
			sel.Limit = 25
			b.Run(name, func(b *testing.B) {
				for b.Loop() {
					if _, err := s.Find(b.Context(), sel); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	})
}

// fill lists books with titles of random common words.
func fill(b *testing.B, s *store.Store) {
	words := strings.Fields(`river winter summer house night garden light shadow sea stone letter daughter king
		queen war peace love death city road bridge fire water glass paper silver golden last first lost hidden
		secret broken silent wild dark bright long short old new young great little big white black red blue green`)
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(worker)))
			word := func() string { return words[random.IntN(len(words))] }
			for range benchBooks / 8 {
				book := emma()
				book.Title = fmt.Sprintf("The %s %s of the %s", word(), word(), word())
				book.Authors = []string{word() + "son " + word() + "berg"}
				book.ISBN = ""
				book.Price = 100 + random.Int64N(5000)
				add(b, s, book)
			}
		})
	}
	wg.Wait()
	add(b, s, emma())
}
