package web

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"bookstore/frontend/internal/view"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/money"

	"github.com/gorilla/mux"
	"golang.org/x/sync/errgroup"
)

const (
	homeBooks       = 12
	suggestionCount = 6
	otherOffers     = 6
	// ornamentTimeout bounds what a page waits for what it can do without.
	ornamentTimeout = 700 * time.Millisecond
)

// catalogueRoutes registers the pages on which visitors find books.
func (s *Server) catalogueRoutes(r *mux.Router) {
	s.get(r, "/", s.home)
	s.get(r, "/books", s.listBooks)
	s.get(r, "/books/suggestions", s.suggestBooks)
	s.get(r, "/books/{id:[0-9]+}", s.showBook)
}

// home answers GET /.
func (s *Server) home(w http.ResponseWriter, r *http.Request) error {
	query := catalogapi.BookQuery{Sort: catalogapi.SortNewest, InStock: true, Limit: homeBooks}
	books, categories, err := s.booksAndCategories(s.call(r), query)
	if err != nil {
		return err
	}
	p := s.page(r, "")
	p.Description = p.T("site.claim")
	p.Canonical = s.absolute("/")
	return s.render(w, r, http.StatusOK, view.HomePage(p, view.Home{Newest: books.Items, Categories: categories}), nil)
}

// listBooks answers GET /books: the page, the list alone after a change of
// search or filters, or the next part of the list.
func (s *Server) listBooks(w http.ResponseWriter, r *http.Request) error {
	filters, query := s.filters(r)
	query.Cursor = r.FormValue("cursor")
	books, categories, err := s.booksAndCategories(s.call(r), query)
	if err != nil {
		return err
	}
	c := view.Catalogue{
		Filters: filters, Books: books.Items, Total: books.Total, Categories: categories,
		Continued: query.Cursor != "", NextCursor: books.NextCursor,
	}
	p := s.page(r, c.Title(words(r)))
	p.Search, p.Results = filters.Q, true
	if c.Continued {
		return s.render(w, r, http.StatusOK, view.BooksPage(p, c), view.BooksMore(p, c))
	}
	if isPartial(r) {
		w.Header().Set(historyHeader(r), filters.URL())
	}
	return s.render(w, r, http.StatusOK, view.BooksPage(p, c), view.BooksResults(p, c))
}

// historyHeader says how the address changes with the list: each choice of a
// filter is a step to come back to, each typed letter is not.
func historyHeader(r *http.Request) string {
	if r.Header.Get("HX-Source") == "input#site-q" {
		return "HX-Replace-Url"
	}
	return "HX-Push-Url"
}

// booksAndCategories asks for both side by side. Categories are an ornament.
func (s *Server) booksAndCategories(ctx context.Context, q catalogapi.BookQuery) (books catalogapi.Books, categories []catalogapi.Category, err error) {
	var group errgroup.Group
	group.Go(func() error {
		var err error
		books, err = s.books.Books(ctx, q)
		return err
	})
	group.Go(func() error {
		ctx, cancel := context.WithTimeout(ctx, ornamentTimeout)
		defer cancel()
		all, err := s.books.Categories(ctx)
		if err != nil {
			slog.InfoContext(ctx, "categories not shown", "error", err)
		}
		categories = all.Items
		return nil
	})
	return books, categories, group.Wait()
}

// filters reads what the visitor asks the catalogue for. What makes no sense
// is left out: an old link should still show books.
func (s *Server) filters(r *http.Request) (view.Filters, catalogapi.BookQuery) {
	value := func(name string, limit int) string { return shorten(r.FormValue(name), limit) }
	f := view.Filters{
		Q:         value("q", 200),
		Category:  value("category", 50),
		Condition: oneOf(r.FormValue("condition"), catalogapi.Conditions),
		Language:  value("language", 2),
		InStock:   r.FormValue("in_stock") == "true",
		Sort:      oneOf(r.FormValue("sort"), catalogapi.Sorts),
	}
	f.SellerID, _ = strconv.ParseInt(r.FormValue("seller_id"), 10, 64)
	f.SellerID = max(f.SellerID, 0)
	q := catalogapi.BookQuery{
		Q: f.Q, Category: f.Category, Condition: f.Condition, Language: f.Language,
		InStock: f.InStock, SellerID: f.SellerID, Sort: f.Sort,
	}
	f.MinPrice, q.MinPrice = s.price(r, r.FormValue("min_price"))
	f.MaxPrice, q.MaxPrice = s.price(r, r.FormValue("max_price"))
	return f, q
}

// price reads an amount in major units; neither is set if it is none.
func (s *Server) price(r *http.Request, text string) (string, int64) {
	m, err := money.Parse(text, s.Currency, words(r).Lang())
	if err != nil || m.Amount == 0 {
		return "", 0
	}
	return m.Decimal(), m.Amount
}

func oneOf(text string, allowed []string) string {
	if slices.Contains(allowed, text) {
		return text
	}
	return ""
}

// shorten cuts a text at a number of characters.
func shorten(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit])
}

// suggestBooks answers GET /books/suggestions, which the search field asks for
// while one types.
func (s *Server) suggestBooks(w http.ResponseWriter, r *http.Request) error {
	f := view.Filters{Q: shorten(r.FormValue("q"), 200)}
	if !isPartial(r) {
		return s.redirect(w, r, f.URL())
	}
	var books catalogapi.Books
	if utf8.RuneCountInString(f.Q) >= 2 {
		var err error
		books, err = s.books.Books(s.call(r), catalogapi.BookQuery{Q: f.Q, Limit: suggestionCount})
		if err != nil {
			slog.InfoContext(r.Context(), "nothing suggested", "error", err)
		}
	}
	list := view.Suggestions(s.page(r, ""), f, books.Items)
	return s.render(w, r, http.StatusOK, list, list)
}

// showBook answers GET /books/{id}.
func (s *Server) showBook(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	book, err := s.books.Book(s.call(r), id)
	if err != nil {
		return err
	}
	b := view.Book{Book: book, Others: s.otherOffers(s.call(r), book)}
	if user := userFrom(r.Context()); user != nil {
		b.Own = user.ID == book.SellerID
	}
	p := s.page(r, book.Title)
	p.Description = view.Summary(book)
	p.Canonical = s.absolute("/books/" + strconv.FormatInt(id, 10))
	return s.render(w, r, http.StatusOK, view.BookPage(p, b), nil)
}

// otherOffers returns what else there is of the same edition, the cheapest
// first; nothing if the catalogue does not say so in time.
func (s *Server) otherOffers(ctx context.Context, book catalogapi.Book) []catalogapi.Book {
	if book.ISBN == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, ornamentTimeout)
	defer cancel()
	offers, err := s.books.Books(ctx, catalogapi.BookQuery{
		ISBN: book.ISBN, InStock: true, Sort: catalogapi.SortPriceAsc, Limit: otherOffers + 1,
	})
	if err != nil {
		slog.InfoContext(ctx, "other offers not shown", "error", err)
	}
	others := slices.DeleteFunc(slices.Clone(offers.Items), func(b catalogapi.Book) bool { return b.ID == book.ID })
	return others[:min(len(others), otherOffers)]
}

// pathID returns the number in the path. One that no row can have is not found.
func pathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(mux.Vars(r)["id"], 10, 64)
	if err != nil || id <= 0 {
		return 0, errNotFound
	}
	return id, nil
}

// isCode tells whether err is a refusal with this code.
func isCode(err error, code string) bool {
	e, ok := apierr.As(err)
	return ok && e.Code == code
}
