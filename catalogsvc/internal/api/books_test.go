package api_test

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/idempotency"
	"bookstore/shared/money"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
)

func TestAListingGoesRound(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		in := emma()
		in.Title = " Emma \u202e\x07 a\n novel "
		in.Description = "One.\r\nTwo.\x00 \n"
		in.Publisher = "Pe\u0301guin"
		in.SKU = " A-1 "
		got := w.list(t, seller, in)
		want := catalogapi.Book{
			ID: got.ID, Version: 1, SellerID: 1, SellerName: "Corner Books",
			Title: "Emma a novel", Authors: []string{"Jane Austen"}, ISBN: "9780141439587",
			Description: "One.\nTwo.", Category: "classics", Language: "en", Publisher: "Péguin", Year: 1815,
			Condition: catalogapi.ConditionGood, Price: money.New(1299, "USD"), Stock: 5, SKU: "A-1",
			CreatedAt: got.CreatedAt, UpdatedAt: got.CreatedAt,
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if age := time.Since(got.CreatedAt); age < 0 || age > time.Minute {
			t.Errorf("created at %v", got.CreatedAt)
		}
		read, err := w.Book(seller, got.ID)
		if err != nil || !reflect.DeepEqual(read, got) {
			t.Errorf("read: %+v, %v", read, err)
		}
		page, err := w.Books(seller, catalogapi.BookQuery{Q: "emma", IDs: []int64{got.ID, got.ID + 1}})
		if err != nil || len(page.Items) != 1 || page.Total != 1 || !reflect.DeepEqual(page.Items[0], got) {
			t.Errorf("listed: %+v, %v", page, err)
		}
	})
}

func TestABookThatIsNoLongerOfferedIsTellableFromOneThatNeverWas(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		in := emma()
		in.Description, in.SKU = "Smells of roses.", "A-1"
		removed := w.list(t, seller, in)
		wantCode(t, "delisting", w.DeleteBook(seller, removed.ID), "")
		suspended := w.list(t, w.as(t, token.Seller, 2), in)
		if err := w.service.PutSeller(t.Context(), 2, catalogapi.Seller{Name: "Attic Finds", Version: 2}); err != nil {
			t.Fatal(err)
		}
		for _, id := range []int64{removed.ID, suspended.ID} {
			b, err := w.AnyBook(t.Context(), id)
			if err != nil || b.DelistedAt == nil || b.Title != "Emma" || b.ISBN == "" || b.Stock != 0 || b.Description != "" || b.SKU != "" {
				t.Errorf("got %+v, %v; want which book it was, and no more", b, err)
			}
			_, err = w.Book(t.Context(), id)
			wantCode(t, "asking as before", err, catalogapi.CodeBookNotFound)
		}
		_, err := w.AnyBook(t.Context(), suspended.ID+1)
		wantCode(t, "one that never was", err, catalogapi.CodeBookNotFound)
		wantCode(t, "the seller may sell again", w.service.PutSeller(t.Context(), 2, catalogapi.Seller{Name: "Attic Finds", MaySell: true, Version: 3}), "")
		if b, err := w.AnyBook(t.Context(), suspended.ID); err != nil || b.DelistedAt != nil || b.Stock != in.Stock || b.Description == "" {
			t.Errorf("got %+v, %v; want it on offer again", b, err)
		}
	})
}

func TestASKUIsForItsSellerAndAdminsOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		owner := w.as(t, token.Seller, 1)
		in := emma()
		in.SKU = "A-1"
		book := w.list(t, owner, in)
		for _, c := range []struct {
			who  string
			ctx  context.Context
			from *catalogapi.Client
			want string
		}{
			{"the public", t.Context(), w.Client, ""},
			{"a buyer", w.as(t, token.Buyer, 3), w.Client, ""},
			{"another seller", w.as(t, token.Seller, 2), w.Client, ""},
			{"a service", t.Context(), w.service, ""},
			{"its seller", owner, w.Client, "A-1"},
			{"an admin", w.as(t, token.Admin, 9), w.Client, "A-1"},
		} {
			read, err := c.from.Book(c.ctx, book.ID)
			if err != nil || read.SKU != c.want {
				t.Errorf("%s reads the SKU %q, %v; want %q", c.who, read.SKU, err, c.want)
			}
			for _, q := range []catalogapi.BookQuery{{}, {Q: "emma"}, {IDs: []int64{book.ID}}, {SellerID: 1}} {
				page, err := c.from.Books(c.ctx, q)
				if err != nil || len(page.Items) != 1 || page.Items[0].SKU != c.want {
					t.Errorf("%s lists %+v for %+v, %v; want the SKU %q", c.who, page.Items, q, err, c.want)
				}
			}
		}
	})
}

func TestTheSameListingSentAgainIsListedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		once := httpclient.WithKey(seller, "key-of-the-form")
		first := w.list(t, once, emma())
		if again := w.list(t, once, emma()); again.ID != first.ID {
			t.Errorf("listed %d, and again as %d", first.ID, again.ID)
		}
		if other := w.list(t, httpclient.WithKey(w.as(t, token.Seller, 2), "key-of-the-form"), emma()); other.ID == first.ID {
			t.Error("another seller's key got the book")
		}
		dearer := emma()
		dearer.Price++
		if _, err := w.CreateBook(once, dearer); !errors.Is(err, idempotency.ErrReused) {
			t.Errorf("another book under the key: got %v", err)
		}
	})
}

func TestAnEditKeepsWhatWasSoldMeanwhile(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		book := w.list(t, seller, emma())
		reserve(t, w, "r-1", book.ID, 2)
		edit := catalogapi.BookUpdate{BookInput: emma(), Version: book.Version, StockShown: book.Stock}
		edit.Stock = 4 // one copy was lost
		got, err := w.UpdateBook(seller, book.ID, edit)
		if err != nil || got.Stock != 2 || got.Version != 2 {
			t.Errorf("got %+v, %v; want a stock of 5−2−1", got, err)
		}
		_, err = w.UpdateBook(seller, book.ID, edit)
		wantCode(t, "the same edit again", err, catalogapi.CodeVersionConflict)
		edit.Version, edit.Stock, edit.StockShown = 2, 0, 3
		_, err = w.UpdateBook(seller, book.ID, edit)
		wantCode(t, "too many taken away", err, catalogapi.CodeStockTooLow)
	})
}

func TestAnEditThatChangesNothingWritesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		book := w.list(t, seller, emma())
		same := catalogapi.BookUpdate{BookInput: emma(), Version: book.Version, StockShown: book.Stock}
		got, err := w.UpdateBook(seller, book.ID, same)
		if err != nil || got.Version != book.Version || !got.UpdatedAt.Equal(book.UpdatedAt) {
			t.Errorf("got %+v, %v; want %+v as it was", got, err, book)
		}
	})
}

func TestDeletingTwiceIsNoError(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		book := w.list(t, seller, emma())
		wantCode(t, "once", w.DeleteBook(seller, book.ID), "")
		wantCode(t, "twice", w.DeleteBook(seller, book.ID), "")
		_, err := w.Book(t.Context(), book.ID)
		wantCode(t, "reading it", err, catalogapi.CodeBookNotFound)
		page, err := w.Books(t.Context(), catalogapi.BookQuery{})
		if err != nil || len(page.Items) != 0 {
			t.Errorf("listed: %+v, %v", page, err)
		}
	})
}

func TestAListingThatBreaksARuleNamesItsField(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		for _, c := range []struct {
			field, code string
			spoil       func(*catalogapi.BookInput)
		}{
			{"title", apierr.CodeRequired, func(in *catalogapi.BookInput) { in.Title = "" }},
			{"title", apierr.CodeRequired, func(in *catalogapi.BookInput) { in.Title = " \n\u200e" }},
			{"title", apierr.CodeRequired, func(in *catalogapi.BookInput) { in.Title = "\u200b\u3164\u2800\u00ad" }},
			{"title", apierr.CodeTooLong, func(in *catalogapi.BookInput) { in.Title = strings.Repeat("ü", 301) }},
			{"authors", apierr.CodeRequired, func(in *catalogapi.BookInput) { in.Authors = []string{} }},
			{"authors", apierr.CodeTooLong, func(in *catalogapi.BookInput) { in.Authors = make([]string, 21) }},
			{"authors[1]", apierr.CodeRequired, func(in *catalogapi.BookInput) { in.Authors = []string{"A", " "} }},
			{"authors[1]", apierr.CodeRequired, func(in *catalogapi.BookInput) { in.Authors = []string{"A", "\u200b"} }},
			{"authors[0]", apierr.CodeTooLong, func(in *catalogapi.BookInput) { in.Authors = []string{strings.Repeat("a", 201)} }},
			{"isbn", catalogapi.CodeBadISBN, func(in *catalogapi.BookInput) { in.ISBN = "0-14-143958" }},
			{"isbn", catalogapi.CodeISBNCheckDigit, func(in *catalogapi.BookInput) { in.ISBN = "0-14-143958-1" }},
			{"isbn", catalogapi.CodeISBNMusic, func(in *catalogapi.BookInput) { in.ISBN = "9790041811529" }},
			{"description", apierr.CodeTooLong, func(in *catalogapi.BookInput) { in.Description = strings.Repeat("a", 10001) }},
			{"category", apierr.CodeNotAllowed, func(in *catalogapi.BookInput) { in.Category = "Classics" }},
			{"language", apierr.CodeNotAllowed, func(in *catalogapi.BookInput) { in.Language = "xx" }},
			{"language", apierr.CodeNotAllowed, func(in *catalogapi.BookInput) { in.Language = "e1" }},
			{"year", apierr.CodeTooSmall, func(in *catalogapi.BookInput) { in.Year = -3001 }},
			{"condition", apierr.CodeNotAllowed, func(in *catalogapi.BookInput) { in.Condition = "mint" }},
			{"price", apierr.CodeTooSmall, func(in *catalogapi.BookInput) { in.Price = 0 }},
			{"price", apierr.CodeTooSmall, func(in *catalogapi.BookInput) { in.Price = -1 }},
			{"price", apierr.CodeTooLarge, func(in *catalogapi.BookInput) { in.Price = math.MaxInt64 }},
			{"stock", apierr.CodeTooSmall, func(in *catalogapi.BookInput) { in.Stock = -1 }},
			{"stock", apierr.CodeTooLarge, func(in *catalogapi.BookInput) { in.Stock = math.MaxInt64 }},
			{"sku", apierr.CodeTooLong, func(in *catalogapi.BookInput) { in.SKU = strings.Repeat("a", 65) }},
		} {
			in := emma()
			c.spoil(&in)
			_, err := w.CreateBook(seller, in)
			wantField(t, "create", err, c.field, c.code)
		}
		if page, err := w.Books(t.Context(), catalogapi.BookQuery{}); err != nil || len(page.Items) != 0 {
			t.Errorf("something was listed: %+v, %v", page, err)
		}
	})
}

func TestAnISBNIsTakenAsItIsPasted(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		for pasted, want := range map[string]string{
			"\u200e978-1-4405-9702-2":     "9781440597022",
			"978—1–4405‑9702−2":           "9781440597022",
			"e-ISBN: 1440597022 (v. 2)":   "9781440597022",
			"ISBN-13: 978-1-4405-9702-2.": "9781440597022",
			"425-03891-2":                 "9780425038918",
			"979-10-90636-07-1":           "9791090636071",
			"\u200b":                      "",
		} {
			in := emma()
			in.ISBN = pasted
			if got := w.list(t, seller, in); got.ISBN != want {
				t.Errorf("%q: got %q, want %q", pasted, got.ISBN, want)
			}
		}
		for _, search := range []string{"ISBN 978-1-4405-9702-2", "isbn:1440597022", "9781440597022 (v. 2)"} {
			if page, err := w.Books(t.Context(), catalogapi.BookQuery{Q: search}); err != nil || len(page.Items) != 4 {
				t.Errorf("search %q: got %d books, %v", search, len(page.Items), err)
			}
			if page, err := w.Books(t.Context(), catalogapi.BookQuery{ISBN: search}); err != nil || len(page.Items) != 4 {
				t.Errorf("filter %q: got %d books, %v", search, len(page.Items), err)
			}
		}
	})
}

func TestTheLongestListingFits(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		in := emma()
		in.Title = strings.Repeat("𠀀", 300)
		in.Authors = make([]string, 20)
		for i := range in.Authors {
			in.Authors[i] = strings.Repeat("ﷺ", 200) // eighteen letters each, once folded
		}
		in.Description = strings.Repeat("🦄", 10000)
		in.Publisher = strings.Repeat("𠀀", 200)
		in.SKU = strings.Repeat("𠀀", 64)
		got := w.list(t, w.as(t, token.Seller, 1), in)
		if got.Title != in.Title || got.Description != in.Description || !reflect.DeepEqual(got.Authors, in.Authors) {
			t.Error("it was cut")
		}
	})
}

func TestHostileQueriesAreRefusedOrFindNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.list(t, w.as(t, token.Seller, 1), emma())
		for query, want := range map[string]int{
			"q=%22%27%28%29*%2B-%3C%3E~%40":          http.StatusOK,
			"q=%ff%00":                               http.StatusOK,
			"q=" + strings.Repeat("x", 201):          http.StatusUnprocessableEntity,
			"sort=price":                             http.StatusUnprocessableEntity,
			"limit=0":                                http.StatusUnprocessableEntity,
			"limit=101":                              http.StatusUnprocessableEntity,
			"limit=x":                                http.StatusUnprocessableEntity,
			"min_price=-1":                           http.StatusUnprocessableEntity,
			"min_price=99999999999999999999":         http.StatusUnprocessableEntity,
			"ids=1,x":                                http.StatusUnprocessableEntity,
			"ids=" + strings.Repeat("1,", 100) + "1": http.StatusUnprocessableEntity,
			"isbn=123":                               http.StatusUnprocessableEntity,
			"cursor=AAAA":                            http.StatusUnprocessableEntity,
			"category=%C3%BC%F0%9F%A6%84&language=%C3%BC%C3%BC": http.StatusOK,
			"category=%27OR%201=1":                              http.StatusOK,
			"seller_id=1&in_stock=true&condition=good&sort=&q=": http.StatusOK,
		} {
			resp, err := http.Get(w.url + "/v1/books?" + query)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(resp.Body)
			resp.Body.Close()
			if resp.StatusCode != want {
				t.Errorf("%.60s: got %d %s, want %d", query, resp.StatusCode, body, want)
			}
			if want != http.StatusOK && resp.Header.Get("Content-Type") != apierr.ContentType {
				t.Errorf("%.60s: answered as %s", query, resp.Header.Get("Content-Type"))
			}
		}
	})
}

func TestSellersSeeTheirSoldOutBooks(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		in := emma()
		in.Stock = 0
		w.list(t, seller, in)
		for inStock, want := range map[bool]int{false: 1, true: 0} {
			page, err := w.Books(httpclient.WithFresh(seller), catalogapi.BookQuery{SellerID: 1, InStock: inStock})
			if err != nil || len(page.Items) != want {
				t.Errorf("in stock %v: got %d books, %v; want %d", inStock, len(page.Items), err, want)
			}
		}
	})
}

func TestCategoriesAreListed(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		w.list(t, w.as(t, token.Seller, 1), emma())
		got, err := w.Categories(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(got.Items) < 16 || !slices.IsSortedFunc(got.Items, func(a, b catalogapi.Category) int { return strings.Compare(a.Slug, b.Slug) }) {
			t.Errorf("got %+v, want all categories in order", got.Items)
		}
		for _, c := range got.Items {
			want := int64(0)
			if c.Slug == "classics" {
				want = 1
			}
			if c.Books != want {
				t.Errorf("%s: %d books, want %d", c.Slug, c.Books, want)
			}
		}
	})
}

func TestTheAPIDescribesItself(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		resp, err := http.Get(w.url + "/openapi.json")
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, _ := io.ReadAll(resp.Body)
		for _, part := range []string{`"/v1/books/{id}"`, `"put-cover"`, `"/v1/covers/{key}"`, `"#/components/schemas/Book"`, `"stock_shown"`, `"next_cursor"`, `"bearer"`} {
			if !strings.Contains(string(body), part) {
				t.Errorf("the document lacks %s", part)
			}
		}
	})
}

func TestAPageOfBooksCostsTheSameHoweverManyAreOnIt(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		cost := func(want int) int {
			return sqldbtest.CountReads(t, func() {
				for _, q := range []catalogapi.BookQuery{{}, {Q: "emma"}, {SellerID: 1}} {
					if page, err := w.Books(seller, q); err != nil || len(page.Items) != want {
						t.Errorf("got %d books, %v, want %d", len(page.Items), err, want)
					}
				}
			})
		}
		w.list(t, seller, emma())
		cheap := cost(1)
		w.list(t, seller, emma())
		w.list(t, seller, emma())
		if dear := cost(3); cheap == 0 || dear != cheap {
			t.Errorf("pages of 1 book cost %d queries, of 3 %d", cheap, dear)
		}
	})
}

func TestEveryFaultOfAListingIsSaidAtOnceAndNothingIsListed(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		book := w.list(t, seller, emma())
		wrong := emma()
		wrong.Title, wrong.ISBN, wrong.Year, wrong.Price, wrong.Language = "", "9780141439588", 9999, 0, "xx"
		_, created := w.CreateBook(seller, wrong)
		_, updated := w.UpdateBook(seller, book.ID, catalogapi.BookUpdate{BookInput: wrong, Version: book.Version, StockShown: book.Stock})
		for what, err := range map[string]error{"check": w.CheckBook(seller, wrong), "create": created, "update": updated} {
			for field, code := range map[string]string{
				"title": apierr.CodeRequired, "isbn": catalogapi.CodeISBNCheckDigit, "year": apierr.CodeTooLarge,
				"price": apierr.CodeTooSmall, "language": apierr.CodeNotAllowed,
			} {
				wantField(t, what, err, field, code)
			}
		}
		wantCode(t, "a listing that is right", w.CheckBook(seller, emma()), "")
		wantCode(t, "a buyer", w.CheckBook(w.as(t, token.Buyer, 3), emma()), catalogapi.CodeSellersOnly)
		if page, err := w.Books(t.Context(), catalogapi.BookQuery{}); err != nil || len(page.Items) != 1 {
			t.Errorf("a check listed a book: %+v, %v", page, err)
		}
	})
}
