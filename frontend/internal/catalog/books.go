package catalog

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
	"bookstore/shared/text"

	"golang.org/x/sync/errgroup"
)

const (
	homeBooks       = 12
	suggestionCount = 6
	otherOffers     = 6
	similarBooks    = 6
	popularBooks    = 6
)

// home answers GET /.
func (s pages) home(w http.ResponseWriter, r *http.Request) error {
	return s.RenderShared(w, r, site.SharedPage{Address: "/", Make: s.makeHome})
}

func (s pages) makeHome(ctx context.Context, p ui.Page, _ bool) (site.Made, error) {
	query := catalogapi.BookQuery{Sort: catalogapi.SortNewest, InStock: true, Limit: homeBooks}
	methods := make(chan []string, 1)
	go func() { methods <- s.PayMethods(ctx) }()
	books, categories, err := s.booksAndCategories(ctx, query)
	if err != nil {
		return site.Made{}, err
	}
	p.Description = p.T("site.claim")
	p.Public = s.Public("/")
	p.Public.Facts = s.factsOfList(books.Items)
	return site.Made{
		Status: http.StatusOK,
		Full:   HomePage(p, Home{Newest: books.Items, Categories: categories, PayMethods: <-methods}),
	}, nil
}

// listBooks answers GET /books: the page, the list alone after a change of
// search or filters, or the next part of the list.
func (s pages) listBooks(w http.ResponseWriter, r *http.Request) error {
	filters, query := s.filters(r)
	return s.list(w, r, filters, query)
}

// list answers with the books of filters. The page stands at one address alone:
// that of its shelf.
func (s pages) list(w http.ResponseWriter, r *http.Request, filters Filters, query catalogapi.BookQuery) error {
	query.Cursor = r.FormValue("cursor")
	if !site.IsPartial(r) && filters.path() != r.URL.EscapedPath() {
		return s.Moved(w, r, filters.after(query.Cursor))
	}
	filters.SellerName = "" // anybody can write any name into an address
	list := site.SharedPage{
		Address: filters.after(query.Cursor),
		Make: func(ctx context.Context, p ui.Page, _ bool) (site.Made, error) {
			return s.makeList(ctx, p, filters, query)
		},
	}
	if query.Cursor == "" && site.IsPartial(r) {
		list.Header = map[string]string{historyHeader(r): filters.URL()}
	}
	return s.RenderShared(w, r, list)
}

func (s pages) makeList(ctx context.Context, p ui.Page, filters Filters, query catalogapi.BookQuery) (site.Made, error) {
	books, categories, err := s.booksAndCategories(ctx, query)
	if err != nil {
		return site.Made{}, err
	}
	if filters.SellerID > 0 && len(books.Items) > 0 {
		filters.SellerName = books.Items[0].SellerName
	}
	c := BookList{
		Filters: filters, Books: books.Items, Total: books.Total, Instead: books.Instead, Categories: categories,
		Continued: query.Cursor != "", NextCursor: books.NextCursor,
	}
	if c.foundNothing() {
		c.Popular = s.popular(ctx)
	}
	p.Title, p.Search, p.Results = c.Title(p.Translator), filters.Q, true
	made := site.Made{Status: http.StatusOK}
	switch {
	case c.isNobodys():
		made.Status = http.StatusNotFound
	case !c.Continued && filters.isPlain():
		p.Description = p.T("books.about", "What", p.Title, "Claim", p.T("site.claim"))
		p.Public = s.Public(filters.URL())
		p.Public.Facts = s.factsOfList(c.Books)
	}
	made.Full, made.Part = BooksPage(p, c), BooksResults(p, c)
	if c.Continued {
		made.Part = BooksMore(p, c)
	}
	return made, nil
}

// popular returns what others buy, for whoever found nothing; nothing if the catalog
// does not say so in time.
func (s pages) popular(ctx context.Context) []catalogapi.Book {
	ctx, cancel := context.WithTimeout(ctx, site.OrnamentTimeout)
	defer cancel()
	books, err := s.Catalog.PopularBooks(ctx)
	if err != nil {
		slog.InfoContext(ctx, "popular books not shown", "error", err)
	}
	return books.Items[:min(len(books.Items), popularBooks)]
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
func (s pages) booksAndCategories(ctx context.Context, q catalogapi.BookQuery) (books catalogapi.Books, categories []catalogapi.Category, err error) {
	var group errgroup.Group
	group.Go(func() error {
		var err error
		books, err = s.Catalog.Books(ctx, q)
		return err
	})
	group.Go(func() error {
		ctx, cancel := context.WithTimeout(ctx, site.OrnamentTimeout)
		defer cancel()
		all, err := s.Catalog.Categories(ctx)
		if err != nil {
			slog.InfoContext(ctx, "categories not shown", "error", err)
		}
		categories = all.Items
		return nil
	})
	err = group.Wait()
	return books, categories, err
}

// filters reads what the visitor asks the catalog for. What makes no sense
// is left out: an old link should still show books.
func (s pages) filters(r *http.Request) (Filters, catalogapi.BookQuery) {
	value := func(name string, limit int) string { return site.Shorten(r.FormValue(name), limit) }
	f := Filters{
		Q:         value("q", 200),
		Category:  value("category", 50),
		Condition: site.OneOf(r.FormValue("condition"), catalogapi.Conditions),
		Language:  value("language", 2),
		InStock:   r.FormValue("in_stock") == "true",
		Sort:      site.OneOf(r.FormValue("sort"), catalogapi.Sorts),
	}
	f.SellerID, _ = strconv.ParseInt(r.FormValue("seller_id"), 10, 64)
	f.SellerID = max(f.SellerID, 0)
	f.Author = text.Slug(value("author", catalogapi.MaxAuthor))
	q := catalogapi.BookQuery{
		Q: f.Q, Category: f.Category, Condition: f.Condition, Language: f.Language,
		InStock: f.InStock, SellerID: f.SellerID, Author: f.Author, Sort: f.Sort,
	}
	s.priceRange(r, &f, &q)
	return f, q
}

// priceRange reads the prices between which books are wanted. What can't be
// understood stays as it was typed and is blamed; the books are shown without it.
func (s pages) priceRange(r *http.Request, f *Filters, q *catalogapi.BookQuery) {
	var wrong ui.Form
	read := func(name string) (string, int64) {
		typed := site.Shorten(strings.TrimSpace(r.FormValue(name)), 40)
		if typed == "" {
			return "", 0
		}
		before := len(wrong.Errors)
		amount := s.ReadAmount(r, &wrong, name, typed)
		if len(wrong.Errors) > before {
			return typed, 0
		}
		return s.Minor(amount).Typed(site.Words(r).Locale()), amount
	}
	f.MinPrice, q.MinPrice = read("min_price")
	f.MaxPrice, q.MaxPrice = read("max_price")
	t := site.Words(r)
	switch {
	case f.MaxPrice != "" && q.MaxPrice == 0 && wrong.Error("max_price") == "":
		wrong.Blame("max_price", t.T("books.price_zero"))
	case q.MaxPrice > 0 && q.MinPrice > q.MaxPrice:
		wrong.Blame("max_price", t.T("books.price_upside_down", "Min", t.Money(s.Minor(q.MinPrice)), "Max", t.Money(s.Minor(q.MaxPrice))))
		q.MinPrice, q.MaxPrice = 0, 0
	}
	f.Errors, f.PricesUsed = wrong.Errors, q.MinPrice > 0 || q.MaxPrice > 0
}

// suggestBooks answers GET /books/suggestions, which the search field asks for
// while one types.
func (s pages) suggestBooks(w http.ResponseWriter, r *http.Request) error {
	f := Filters{Q: site.Shorten(r.FormValue("q"), 200)}
	if !site.IsPartial(r) {
		return s.Redirect(w, r, f.URL())
	}
	err := s.RenderShared(w, r, site.SharedPage{
		Address: "/books/suggestions?q=" + url.QueryEscape(f.Q),
		Make: func(ctx context.Context, p ui.Page, _ bool) (site.Made, error) {
			return s.makeSuggestions(ctx, p, f)
		},
	})
	if err == nil {
		return nil
	}
	slog.InfoContext(r.Context(), "nothing suggested", "error", err)
	none := Suggestions(s.Page(r, ""), f, nil)
	return s.Render(w, r, http.StatusOK, none, none)
}

func (s pages) makeSuggestions(ctx context.Context, p ui.Page, f Filters) (site.Made, error) {
	var books catalogapi.Books
	if utf8.RuneCountInString(f.Q) >= 2 {
		var err error
		if books, err = s.Catalog.Books(ctx, catalogapi.BookQuery{Q: f.Q, Limit: suggestionCount}); err != nil {
			return site.Made{}, err
		}
	}
	return site.Made{Status: http.StatusOK, Part: Suggestions(p, f, books.Items)}, nil
}

// showBook answers GET /books/{id}.
func (s pages) showBook(w http.ResponseWriter, r *http.Request) error {
	id, err := site.PathID(r)
	if err != nil {
		return err
	}
	country := s.Country(r)
	return s.RenderShared(w, r, site.SharedPage{
		Address: "/books/" + strconv.FormatInt(id, 10),
		Country: country,
		Make: func(ctx context.Context, p ui.Page, isOwner bool) (site.Made, error) {
			return s.makeBook(ctx, p, id, country, isOwner)
		},
	})
}

func (s pages) makeBook(ctx context.Context, p ui.Page, id int64, country string, isOwner bool) (site.Made, error) {
	book, err := s.Catalog.AnyBook(ctx, id)
	if err != nil {
		return site.Made{}, err
	}
	b := Book{Book: book, Country: country, Own: isOwner}
	s.around(ctx, &b)
	p.Title = book.Title
	p.Description = Summary(book)
	p.Public = s.publicBook(book)
	made := site.Made{Status: http.StatusOK, Owner: book.SellerID, Full: BookPage(p, b)}
	if b.delisted() { // search engines forget it at once, links to it still lead somewhere
		made.Status = http.StatusGone
	}
	return made, nil
}

// publicBook says what programs are told of a book. They forget one that is no
// longer offered.
func (s pages) publicBook(book catalogapi.Book) ui.Public {
	if book.DelistedAt != nil {
		return ui.Public{}
	}
	public := s.Public(string(ui.BookURL(book.ID)))
	public.Kind = "book"
	picture := ""
	if book.Cover != "" {
		picture = s.Absolute(ui.CoverOf(book).URL())
		public.Picture = picture
	}
	public.Facts = factsOf(book, public.Address, picture)
	return public
}

// around asks side by side for what a book's page shows besides the book.
func (s pages) around(ctx context.Context, b *Book) {
	ctx, cancel := context.WithTimeout(ctx, site.OrnamentTimeout)
	defer cancel()
	var group errgroup.Group
	group.Go(func() error { b.Others = s.otherOffers(ctx, b.Book); return nil })
	if b.Stock == 0 {
		group.Go(func() error { b.Similar = s.similar(ctx, b.Book); return nil })
	} else {
		group.Go(func() error { b.Delivery = s.delivery(ctx, b.Country, b.SellerID); return nil })
	}
	_ = group.Wait() // ornaments never fail
}

// delivery returns what it costs to have a seller's parcel sent to a country, nil
// if that can't be told now.
func (s pages) delivery(ctx context.Context, country string, sellerID int64) *shopapi.DeliveryQuotes {
	quotes, err := s.Shop.CheapestDeliveries(ctx, shopapi.DeliveryQuery{Country: country, SellerIDs: []int64{sellerID}})
	if err != nil {
		slog.InfoContext(ctx, "delivery not quoted", "error", err)
		return nil
	}
	return &quotes
}

// otherOffers returns what else there is of the same edition, the cheapest
// first; nothing if the catalog does not say so in time.
func (s pages) otherOffers(ctx context.Context, book catalogapi.Book) []catalogapi.Book {
	if book.ISBN == "" {
		return nil
	}
	query := catalogapi.BookQuery{ISBN: book.ISBN, InStock: true, Sort: catalogapi.SortPriceAsc}
	return s.offersBut(ctx, query, otherOffers, func(b catalogapi.Book) bool { return b.ID == book.ID })
}

// similar returns the newest books that stand on the same shelf, likewise.
func (s pages) similar(ctx context.Context, book catalogapi.Book) []catalogapi.Book {
	query := catalogapi.BookQuery{Category: book.Category, Language: book.Language, InStock: true, Sort: catalogapi.SortNewest}
	return s.offersBut(ctx, query, similarBooks, func(b catalogapi.Book) bool {
		return b.ID == book.ID || b.ISBN != "" && b.ISBN == book.ISBN
	})
}

// offersBut returns the first few books of query that are not left out.
func (s pages) offersBut(ctx context.Context, query catalogapi.BookQuery, most int, leftOut func(catalogapi.Book) bool) []catalogapi.Book {
	query.Limit = 2 * most
	offers, err := s.Catalog.Books(ctx, query)
	if err != nil {
		slog.InfoContext(ctx, "further books not shown", "error", err)
	}
	kept := slices.DeleteFunc(slices.Clone(offers.Items), leftOut)
	return kept[:min(len(kept), most)]
}
