package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"bookstore/frontend/internal/view"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/money"

	"github.com/gorilla/mux"
)

// sellingRoutes registers becoming a seller and a seller's own books.
func (s *Server) sellingRoutes(r *mux.Router) {
	s.get(r, "/selling", s.signedIn(s.startSellingPage))
	s.post(r, "/selling", s.signedIn(s.startSelling))
	s.get(r, "/selling/books", s.seller(s.listListings))
	s.get(r, "/selling/books/new", s.seller(s.newListingPage))
	s.post(r, "/selling/books/new", s.seller(s.createListing))
	s.get(r, "/selling/books/{id:[0-9]+}/edit", s.seller(s.editListingPage))
	s.post(r, "/selling/books/{id:[0-9]+}/edit", s.seller(s.saveListing))
	s.get(r, "/selling/books/{id:[0-9]+}/delete", s.seller(s.deleteListingPage))
	s.post(r, "/selling/books/{id:[0-9]+}/delete", s.seller(s.deleteListing))
	s.listingCoverRoutes(r)
}

// startSellingPage answers GET /selling.
func (s *Server) startSellingPage(w http.ResponseWriter, r *http.Request) error {
	user := userFrom(r.Context())
	if user.IsSeller() {
		return s.redirect(w, r, "/selling/books")
	}
	return s.renderStartSelling(w, r, http.StatusOK, view.NewForm("seller_name", user.Name))
}

func (s *Server) renderStartSelling(w http.ResponseWriter, r *http.Request, status int, form view.Form) error {
	p := s.page(r, words(r).T("selling.start_title"))
	return s.render(w, r, status, view.StartSellingPage(p, form), nil)
}

// startSelling answers POST /selling.
func (s *Server) startSelling(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	grant, err := s.Auth.StartSelling(s.call(r), authapi.StartSelling{SellerName: form.Value("seller_name")})
	if err != nil {
		status, err := s.blame(r, &form, err, nil)
		if err != nil {
			return err
		}
		return s.renderStartSelling(w, r, status, form)
	}
	if err := s.signIn(w, r, grant); err != nil {
		return err
	}
	s.flash(w, view.FlashSuccess, "flash.selling_started")
	return s.redirect(w, r, "/selling/books")
}

// listListings answers GET /selling/books.
func (s *Server) listListings(w http.ResponseWriter, r *http.Request) error {
	books, err := s.Catalog.Books(httpclient.WithFresh(s.call(r)), catalogapi.BookQuery{
		SellerID: userFrom(r.Context()).ID, Sort: catalogapi.SortNewest, Cursor: r.FormValue("cursor"),
	})
	if err != nil {
		return err
	}
	l := view.Listings{Books: books.Items}
	if books.NextCursor != "" {
		l.NextURL = "/selling/books?cursor=" + url.QueryEscape(books.NextCursor)
	}
	return s.render(w, r, http.StatusOK, view.ListingsPage(s.page(r, words(r).T("selling.books")), l), nil)
}

// newListingPage answers GET /selling/books/new.
func (s *Server) newListingPage(w http.ResponseWriter, r *http.Request) error {
	return s.renderListing(w, r, http.StatusOK, view.ListingForm{Form: view.NewForm("language", words(r).Lang())})
}

func (s *Server) renderListing(w http.ResponseWriter, r *http.Request, status int, l view.ListingForm) error {
	categories, err := s.books.Categories(s.call(r))
	if err != nil {
		return err
	}
	l.Categories, l.Currency = categories.Items, s.Currency
	title := words(r).T("selling.new")
	if l.ID != 0 {
		title = words(r).T("selling.edit")
	}
	return s.render(w, r, status, view.ListingPage(s.page(r, title), l), nil)
}

// createListing answers POST /selling/books/new.
func (s *Server) createListing(w http.ResponseWriter, r *http.Request) error {
	l, picture, err := s.readListingForm(w, r)
	if err != nil {
		return err
	}
	in := s.readListing(r, &l.Form)
	if !l.OK() {
		return s.renderListing(w, r, http.StatusUnprocessableEntity, l)
	}
	book, err := s.Catalog.CreateBook(s.call(r), in)
	if err != nil {
		status, err := s.blame(r, &l.Form, err, listingField)
		if err != nil {
			return err
		}
		return s.renderListing(w, r, status, l)
	}
	if _, err := s.putCover(r, book.ID, picture, ""); err != nil {
		return s.coverRefused(w, r, book, err)
	}
	s.flash(w, view.FlashSuccess, "flash.book_listed")
	return s.redirect(w, r, "/selling/books")
}

// editListingPage answers GET /selling/books/{id}/edit.
func (s *Server) editListingPage(w http.ResponseWriter, r *http.Request) error {
	book, err := s.ownBook(r)
	if err != nil {
		return err
	}
	form := view.NewForm(
		"title", book.Title, "authors", strings.Join(book.Authors, "\n"), "isbn", book.ISBN,
		"description", book.Description, "category", book.Category, "language", book.Language,
		"publisher", book.Publisher, "condition", book.Condition, "price", book.Price.Decimal(),
		"stock", strconv.FormatInt(book.Stock, 10), "sku", book.SKU,
	)
	if book.Year != 0 {
		form.Values.Set("year", strconv.Itoa(book.Year))
	}
	return s.renderListing(w, r, http.StatusOK, view.ListingForm{
		Form: form, ID: book.ID, Title: book.Title, Version: book.Version, StockShown: book.Stock, Cover: book.Cover,
	})
}

// ownBook returns the book that the path names, if it is the visitor's.
func (s *Server) ownBook(r *http.Request) (catalogapi.Book, error) {
	id, err := pathID(r)
	if err != nil {
		return catalogapi.Book{}, err
	}
	book, err := s.Catalog.Book(httpclient.WithFresh(s.call(r)), id)
	if err != nil {
		return catalogapi.Book{}, err
	}
	if book.SellerID != userFrom(r.Context()).ID {
		return catalogapi.Book{}, errForbidden
	}
	return book, nil
}

// saveListing answers POST /selling/books/{id}/edit.
func (s *Server) saveListing(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	l, picture, err := s.readListingForm(w, r)
	if err != nil {
		return err
	}
	l.ID = id
	l.Version, _ = strconv.ParseInt(l.Value("version"), 10, 64)
	l.StockShown, _ = strconv.ParseInt(l.Value("stock_shown"), 10, 64)
	in := s.readListing(r, &l.Form)
	if !l.OK() {
		return s.renderListing(w, r, http.StatusUnprocessableEntity, l)
	}
	if l.Cover, err = s.putCover(r, id, picture, l.Cover); err != nil {
		return s.refuseListing(w, r, l, in.Stock, err)
	}
	l.ChooseAgain = false // whatever becomes of the rest, the picture is there
	update := catalogapi.BookUpdate{BookInput: in, Version: l.Version, StockShown: l.StockShown}
	if _, err := s.Catalog.UpdateBook(s.call(r), id, update); err != nil {
		return s.refuseListing(w, r, l, in.Stock, err)
	}
	s.flash(w, view.FlashSuccess, "flash.book_saved")
	return s.redirect(w, r, "/selling/books")
}

// refuseListing shows an edit again that was not taken. If the listing changed
// meanwhile, the form goes on from what it is now: what was typed stays, and
// the stock differs from the present one by as much as the seller wanted.
func (s *Server) refuseListing(w http.ResponseWriter, r *http.Request, l view.ListingForm, stock int64, refusal error) error {
	status, err := s.blame(r, &l.Form, refusal, listingField)
	if err != nil {
		return err
	}
	if isCode(refusal, "version_conflict") || isCode(refusal, "stock_too_low") {
		book, err := s.ownBook(r)
		if err != nil {
			return err
		}
		l.Form.Values.Set("stock", strconv.FormatInt(max(book.Stock+stock-l.StockShown, 0), 10))
		l.Version, l.StockShown = book.Version, book.Stock
	}
	return s.renderListing(w, r, status, l)
}

// readListing returns what the form says of a listing, and blames what can't
// be read as what it should be. The rules are catalogsvc's.
func (s *Server) readListing(r *http.Request, form *view.Form) catalogapi.BookInput {
	in := catalogapi.BookInput{
		Title:       form.Value("title"),
		Authors:     lines(form.Value("authors")),
		ISBN:        form.Value("isbn"),
		Description: strings.ReplaceAll(form.Value("description"), "\r\n", "\n"),
		Category:    form.Value("category"),
		Language:    form.Value("language"),
		Publisher:   form.Value("publisher"),
		Condition:   form.Value("condition"),
		SKU:         form.Value("sku"),
	}
	t := words(r)
	for _, name := range []string{"title", "authors", "category", "language", "condition", "price", "stock"} {
		if form.Value(name) == "" {
			form.Blame(name, t.T("error.field.required"))
		}
	}
	if text := form.Value("year"); text != "" {
		in.Year = int(s.readWhole(r, form, "year", text))
	}
	if text := form.Value("stock"); text != "" {
		in.Stock = s.readWhole(r, form, "stock", text)
	}
	if text := form.Value("price"); text != "" {
		in.Price = s.readAmount(r, form, "price", text)
	}
	return in
}

func (s *Server) readWhole(r *http.Request, form *view.Form, name, text string) int64 {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		form.Blame(name, words(r).T("error.field.whole_number"))
	}
	return n
}

// readAmount reads an amount of money in major units and returns it in minor ones.
func (s *Server) readAmount(r *http.Request, form *view.Form, name, text string) int64 {
	m, err := money.Parse(text, s.Currency, words(r).Lang())
	switch {
	case errors.Is(err, money.ErrDigits):
		form.Blame(name, words(r).N("error.field.decimals", money.Digits(s.Currency)))
	case err != nil:
		form.Blame(name, words(r).T("error.field.amount"))
	}
	return m.Amount
}

// lines returns the lines of a text that are not blank.
func lines(text string) []string {
	kept := []string{}
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			kept = append(kept, line)
		}
	}
	return kept
}

// listingField names the input for a field of the API: one for all authors.
func listingField(name string) string {
	if strings.HasPrefix(name, "authors[") {
		return "authors"
	}
	return name
}

// deleteListingPage answers GET /selling/books/{id}/delete.
func (s *Server) deleteListingPage(w http.ResponseWriter, r *http.Request) error {
	book, err := s.ownBook(r)
	if err != nil {
		return err
	}
	p := s.page(r, words(r).T("selling.delete"))
	return s.render(w, r, http.StatusOK, view.DeleteListingPage(p, book), nil)
}

// deleteListing answers POST /selling/books/{id}/delete.
func (s *Server) deleteListing(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := s.Catalog.DeleteBook(s.call(r), id); err != nil {
		return err
	}
	s.flash(w, view.FlashSuccess, "flash.book_deleted")
	return s.redirect(w, r, "/selling/books")
}
