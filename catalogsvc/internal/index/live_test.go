package index_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/index"
	"bookstore/catalogsvc/internal/isbn"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/catalogapi"
	"bookstore/shared/idempotency"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
)

// shop is a catalog of random books that an index follows.
type shop struct {
	*store.Store
	*rand.Rand
	db   *sqldb.DB
	live *index.Live
	ids  []int64
}

// onBoth runs test with a shop of some books on both databases.
func onBoth(t *testing.T, books int, test func(t *testing.T, s *shop)) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) { test(t, newShop(t, db, books)) })
}

func newShop(t *testing.T, db *sqldb.DB, books int) *shop {
	t.Helper()
	s := &shop{Store: store.New(db), Rand: rand.New(rand.NewPCG(1, 2)), db: db}
	for range books {
		s.list(t)
	}
	s.live = s.newLive(t)
	return s
}

// newLive returns another index of the shop that has read all books.
func (s *shop) newLive(t *testing.T) *index.Live {
	t.Helper()
	live := index.NewLive(s.Store, "", time.Now)
	follow(t, live)
	if !live.Ready() {
		t.Fatal("the index is not ready")
	}
	return live
}

func follow(t *testing.T, live *index.Live) {
	t.Helper()
	if _, err := live.Follow(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// words are few, so that many books have the same ones, and of all kinds.
var words = strings.Fields(`the The shining shin light Light of and & y c++ c# c o'brien obrien e-mail 1984 19 9780307 1914-1918
	années annees 三体 三 ノルウェイの森 채식주의자 채식 война и straße strasse हिन्दी ISBN 0307743659 a an 🦄`)

func (s *shop) pick(from ...string) string { return from[s.IntN(len(from))] }

func (s *shop) text(most int) string {
	some := make([]string, 1+s.IntN(most))
	for i := range some {
		some[i] = s.pick(words...)
	}
	return strings.Join(some, " ")
}

func (s *shop) isbn() string {
	body := s.pick("97803077436", "97803", "97912", "978080442957")
	for len(body) < 12 {
		body += fmt.Sprint(s.IntN(10))
	}
	for check := range 10 {
		if isbn13, err := isbn.Parse(fmt.Sprint(body, check)); err == nil {
			return isbn13
		}
	}
	panic("no digit checks " + body)
}

func (s *shop) listing() catalog.Listing {
	l := catalog.Listing{
		Title: s.text(4), Authors: []string{s.text(2), s.pick(words...)}, Category: s.pick("art", "fiction"), Language: s.pick("en", "de", "es"),
		Condition: s.pick(catalogapi.Conditions...), Price: 100 + s.Int64N(8),
	}
	if s.IntN(3) > 0 {
		l.ISBN = s.isbn()
	}
	return l
}

// list lists a book, unless its seller may not sell just then.
func (s *shop) list(t *testing.T) {
	t.Helper()
	at := time.UnixMicro(time.Now().UnixMicro())
	id, err := s.AddBook(t.Context(), idempotency.Request{}, catalog.Book{
		SellerID: 1 + s.Int64N(3), SellerName: "Corner Books", Listing: s.listing(), Stock: s.Int64N(3), CreatedAt: at, UpdatedAt: at,
	})
	if errors.Is(err, catalog.ErrSellerSuspended) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	s.ids = append(s.ids, id)
}

// change does something to a book, or to all of a seller's; what the rules
// refuse, such as selling out a book twice, is no change.
func (s *shop) change(t *testing.T, n int) {
	t.Helper()
	ctx, at := t.Context(), time.Now()
	b, err := s.CurrentBook(ctx, s.ids[s.IntN(len(s.ids))])
	if err != nil {
		t.Fatal(err)
	}
	switch s.IntN(7) {
	case 0:
		s.list(t)
	case 1:
		_ = s.EditBook(ctx, catalog.Edit{BookID: b.ID, Version: b.Version, Seller: catalog.Seller{ID: b.SellerID, Name: "N"}, Listing: s.listing(), At: at})
	case 2:
		l := b.Listing
		l.Price++
		_ = s.EditBook(ctx, catalog.Edit{BookID: b.ID, Version: b.Version, Seller: catalog.Seller{ID: b.SellerID, Name: "N"}, Listing: l, StockChange: 1, At: at})
	case 3:
		_ = s.DelistBook(ctx, b.ID, "user:1", at)
	case 4:
		_ = s.PutSeller(ctx, catalog.SellerState{Seller: catalog.Seller{ID: b.SellerID, Name: "N"}, MaySell: s.IntN(4) > 0, Version: int64(n + 1)}, at)
	case 5:
		_, _ = s.Reserve(ctx, catalog.Reservation{ID: fmt.Sprint("r-", n), ExpiresAt: at, Lines: []catalog.Line{{BookID: b.ID, Quantity: max(b.Stock, 1), Price: b.Price}}}, at)
	case 6:
		id := fmt.Sprint("r-", s.IntN(n+1))
		if s.IntN(2) == 0 {
			_, _ = s.Commit(ctx, id, at)
		} else {
			_ = s.Release(ctx, id, at)
		}
	}
}

// query asks for anything that somebody may ask for.
func (s *shop) query() catalog.Query {
	q := catalog.Query{Sort: catalog.Sort(s.pick(catalogapi.Sorts...)), Limit: 1 + s.IntN(8)}
	sometimes := func(n int, do func()) {
		if s.IntN(n) == 0 {
			do()
		}
	}
	if s.IntN(5) > 0 {
		typed := []rune(s.text(3))
		q.Text = string(typed[:1+s.IntN(len(typed))])
	}
	sometimes(6, func() { isbn13 := s.isbn(); q.Text = isbn13[s.IntN(4):][:1+s.IntN(9)] })
	sometimes(6, func() { q.Text = s.isbn() })
	sometimes(9, func() { q.Text = s.pick(words...) + " " + isbn.To10(s.isbn()) })
	sometimes(4, func() { q.Category = s.pick("art", "fiction", "poetry") })
	sometimes(5, func() { q.Condition = s.pick(catalogapi.Conditions...) })
	sometimes(5, func() { q.Language = s.pick("en", "de", "es", "fr") })
	sometimes(6, func() { q.MinPrice = 100 + s.Int64N(9) })
	sometimes(6, func() { q.MaxPrice = 100 + s.Int64N(9) })
	sometimes(4, func() { q.InStock = true })
	sometimes(6, func() { q.SellerID = 1 + s.Int64N(4) })
	sometimes(9, func() { q.ISBN = s.isbn() })
	return q
}

type nobody struct{}

func (nobody) SellerName(context.Context, int64) (string, error) { return "", nil }

// pages returns all pages of a query, each from the next of finders.
func (s *shop) pages(t *testing.T, q catalog.Query, finders ...catalog.Finder) []catalog.Books {
	t.Helper()
	var pages []catalog.Books
	for {
		service := catalog.NewService(s.Store, finders[len(pages)%len(finders)], nobody{}, time.Now)
		page, err := service.Books(t.Context(), catalog.Caller{}, q)
		if err != nil {
			t.Fatalf("%+v: %v", q, err)
		}
		page.Instead = "" // which only an index knows
		pages = append(pages, page)
		if q.Cursor = page.NextCursor; q.Cursor == "" {
			return pages
		}
	}
}

// wantSame fails unless the index finds what the database does, page by page.
func (s *shop) wantSame(t *testing.T, queries int) {
	t.Helper()
	for range queries {
		q := s.query()
		got, want := s.pages(t, q, s.live), s.pages(t, q, s.Store)
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%+v:\n got %s\nwant %s", q, titles(got), titles(want))
		}
	}
	got, err := s.live.CategoryCounts(t.Context(), false)
	want, err2 := s.CategoryCounts(t.Context(), true)
	for slug := range got {
		if got[slug] != want[slug] || err != nil || err2 != nil {
			t.Errorf("%s: counted %d books, %v, want %d, %v", slug, got[slug], err, want[slug], err2)
		}
	}
}

func titles(pages []catalog.Books) string {
	var b strings.Builder
	for _, p := range pages {
		fmt.Fprintf(&b, "[%d]", p.Total)
		for _, book := range p.Items {
			fmt.Fprintf(&b, " %d:%q/%q/%s/%d", book.ID, book.Title, book.Authors, book.ISBN, book.Price)
		}
	}
	return b.String()
}

func TestTheIndexFindsWhatTheDatabaseFinds(t *testing.T) {
	onBoth(t, 150, func(t *testing.T, s *shop) {
		s.wantSame(t, 400)
		for n := range 60 {
			s.change(t, n)
			if n%20 == 19 {
				follow(t, s.live)
				s.wantSame(t, 100)
			}
		}
		s.live = s.newLive(t)
		s.wantSame(t, 100)
	})
}

func TestWhoeverAsksForFreshBooksSeesEveryWrite(t *testing.T) {
	onBoth(t, 1, func(t *testing.T, s *shop) {
		service := catalog.NewService(s.Store, s.live, nobody{}, time.Now)
		before, err := service.Books(t.Context(), catalog.Caller{}, catalog.Query{})
		if err != nil || before.Total != 1 {
			t.Fatalf("got %+v, %v", before, err)
		}
		s.list(t) // as another process would
		for fresh, want := range map[bool]int{true: 2, false: 2} {
			if got, err := service.Books(t.Context(), catalog.Caller{}, catalog.Query{Fresh: true}); err != nil || got.Total != want {
				t.Errorf("fresh %v: got %d, %v, want %d", fresh, got.Total, err, want)
			}
		}
		seller := catalog.Caller{UserID: 9, Role: token.Seller, Name: "N"}
		book, err := service.AddBook(t.Context(), seller, "", s.listing(), 1)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := service.Books(t.Context(), catalog.Caller{}, catalog.Query{}); err != nil || got.Total != 3 || got.Items[0].ID != book.ID {
			t.Errorf("after an own write: got %+v, %v", got, err)
		}
	})
}

func TestAMisspelledSearchIsToldWhatWouldFindSomething(t *testing.T) {
	onBoth(t, 0, func(t *testing.T, s *shop) {
		for _, title := range []string{"The Shining", "The Shining", "Shinning Up", "Wuthering Heights", "Cien años de soledad", "It"} {
			l := s.listing()
			l.Title, l.Authors, l.ISBN = title, []string{"Stephen King"}, ""
			at := time.Now()
			if _, err := s.AddBook(t.Context(), idempotency.Request{}, catalog.Book{SellerID: 1, Listing: l, Stock: 1, CreatedAt: at, UpdatedAt: at}); err != nil {
				t.Fatal(err)
			}
		}
		follow(t, s.live)
		for _, live := range []*index.Live{s.live, s.newLive(t)} { // to which the words are new, and were there before
			wantInstead(t, catalog.NewService(s.Store, live, nobody{}, time.Now))
		}
	})
}

func wantInstead(t *testing.T, service *catalog.Service) {
	t.Helper()
	for typed, want := range map[string]string{
		"the shning":       "the shining", // of two words one edit away the more frequent
		"shniing":          "shining",     // letters that changed places
		"Wutherng Hieghts": "wuthering heights",
		"SOLEDADE":         "soledad",
		"Stefan Kig":       "", // too far away, and too short
		"shining soledad":  "", // right, but of no book
		"xt":               "",
		"wuthering":        "",
		"三":                "",
	} {
		got, err := service.Books(t.Context(), catalog.Caller{}, catalog.Query{Text: typed})
		if err != nil || got.Instead != want {
			t.Errorf("%q: got %q, %v, want %q", typed, got.Instead, err, want)
		}
	}
}

// scanned is a store that counts how often books were read to index them all.
type scanned struct {
	*store.Store
	scans int
}

func (s *scanned) IndexedAfter(ctx context.Context, after int64, limit int) ([]catalog.Indexed, error) {
	s.scans++
	return s.Store.IndexedAfter(ctx, after, limit)
}

func TestASnapshotKnowsWhatTheIndexKnew(t *testing.T) {
	onBoth(t, 60, func(t *testing.T, s *shop) {
		file := filepath.Join(t.TempDir(), "search", "snapshot")
		restarted := func(wantScan bool) *index.Live {
			source := &scanned{Store: s.Store}
			live := index.NewLive(source, file, time.Now)
			follow(t, live)
			if source.scans > 0 != wantScan {
				t.Errorf("all books were read %v, want %v", source.scans > 0, wantScan)
			}
			return live
		}
		if _, err := restarted(true).Save(t.Context()); err != nil {
			t.Fatal(err)
		}
		for n := range 15 {
			s.change(t, n)
		}
		s.live = restarted(false)
		s.wantSame(t, 50)

		whole, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, damaged := range [][]byte{nil, whole[:len(whole)/2], append(bytes.Repeat([]byte{7}, 40), whole[40:]...)} {
			if err := os.WriteFile(file, damaged, 0o600); err != nil {
				t.Fatal(err)
			}
			s.live = restarted(true)
			s.wantSame(t, 5)
		}
	})
}
