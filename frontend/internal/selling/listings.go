package selling

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/money"
	"bookstore/shared/text"

	"github.com/gorilla/mux"
	"golang.org/x/sync/errgroup"
)

// startSellingPage answers GET /selling.
func (s pages) startSellingPage(w http.ResponseWriter, r *http.Request) error {
	user := site.UserFrom(r)
	if user.IsSeller() {
		return s.Redirect(w, r, "/selling/books")
	}
	return s.renderStartSelling(w, r, http.StatusOK, ui.NewForm("seller_name", user.Name))
}

func (s pages) renderStartSelling(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	p := s.Page(r, site.Words(r).T("selling.start_title"))
	return s.Render(w, r, status, StartSellingPage(p, form), nil)
}

// startSelling answers POST /selling.
func (s pages) startSelling(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	grant, err := s.Auth.StartSelling(s.Call(r), authapi.StartSelling{SellerName: form.Value("seller_name")})
	if err != nil {
		return err
	}
	if err := s.SignIn(w, r, grant); err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.selling_started")
	return s.Redirect(w, r, "/selling/books")
}

// listListings answers GET /selling/books.
func (s pages) listListings(w http.ResponseWriter, r *http.Request) error {
	books, err := s.Catalog.Books(httpclient.WithFresh(s.Call(r)), catalogapi.BookQuery{
		SellerID: site.UserFrom(r).ID, Sort: catalogapi.SortNewest, Cursor: r.FormValue("cursor"),
	})
	if err != nil {
		return err
	}
	l := Listings{Books: books.Items}
	if books.NextCursor != "" {
		l.NextURL = "/selling/books?cursor=" + url.QueryEscape(books.NextCursor)
	}
	return s.Render(w, r, http.StatusOK, ListingsPage(s.Page(r, site.Words(r).T("selling.books")), l), nil)
}

// newListingPage answers GET /selling/books/new.
func (s pages) newListingPage(w http.ResponseWriter, r *http.Request) error {
	return s.showListing(w, r, http.StatusOK, ui.NewForm("language", site.Words(r).Lang()))
}

// showListing shows the form of the listing that the path names, or of a new one.
func (s pages) showListing(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	categories, err := s.Catalog.Categories(s.Call(r))
	if err != nil {
		return err
	}
	l := ListingForm{Form: form, Currency: s.Currency, Price: s.priceSoFar(r, form), Categories: categories.Items}
	if mux.Vars(r)["id"] != "" {
		if l.ID, err = site.PathID(r); err != nil {
			return err
		}
	}
	return s.Render(w, r, status, ListingPage(s.Page(r, l.heading(site.Words(r))), l), nil)
}

// previewPath is where the form asks for the card of what is being typed.
const previewPath = "/selling/books/preview"

// previewListing answers GET /selling/books/preview.
func (s pages) previewListing(w http.ResponseWriter, r *http.Request) error {
	if !site.IsPartial(r) {
		return s.Redirect(w, r, "/selling/books/new")
	}
	form := ui.NewForm("title", site.Shorten(r.FormValue("title"), 300), "authors", site.Shorten(r.FormValue("authors"), 4000),
		"price", r.FormValue("price"), "condition", r.FormValue("condition"), "cover_shown", r.FormValue("cover_shown"))
	card := ListingPreview(s.Page(r, ""), ListingForm{Form: form, Price: s.priceSoFar(r, form)})
	return s.Render(w, r, http.StatusOK, card, card)
}

// priceSoFar returns the price in a form that may not be finished.
func (s pages) priceSoFar(r *http.Request, form ui.Form) money.Money {
	price, err := money.Parse(form.Value("price"), s.Currency, site.Words(r).Locale())
	if err != nil {
		return s.Minor(0)
	}
	return price
}

// createListing answers POST /selling/books/new.
func (s pages) createListing(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	in := s.readListing(r, form)
	if !form.OK() {
		return s.allFaults(r, form, in)
	}
	book, err := s.Catalog.CreateBook(s.CallOnce(r, form), in)
	if err != nil {
		return s.withAllFaults(r, form, in, err)
	}
	if err := s.putCover(r, book.ID, form); err != nil {
		return s.coverRefused(w, r, book, err)
	}
	s.Flash(w, ui.FlashSuccess, "flash.book_listed")
	return s.Redirect(w, r, "/selling/books")
}

// editListingPage answers GET /selling/books/{id}/edit.
func (s pages) editListingPage(w http.ResponseWriter, r *http.Request) error {
	book, err := s.ownBook(r)
	if err != nil {
		return err
	}
	form := ui.NewForm(
		"title", book.Title, "authors", strings.Join(book.Authors, "\n"), "isbn", book.ISBN,
		"description", book.Description, "category", book.Category, "language", book.Language,
		"publisher", book.Publisher, "condition", book.Condition, "price", book.Price.Typed(site.Words(r).Locale()),
		"stock", strconv.FormatInt(book.Stock, 10), "sku", book.SKU,
		"version", strconv.FormatInt(book.Version, 10), "stock_shown", strconv.FormatInt(book.Stock, 10), "cover_shown", book.Cover,
	)
	if book.Year != 0 {
		form.Values.Set("year", strconv.Itoa(book.Year))
	}
	return s.showListing(w, r, http.StatusOK, form)
}

// ownBook returns the book that the path names, if it is the visitor's.
func (s pages) ownBook(r *http.Request) (catalogapi.Book, error) {
	id, err := site.PathID(r)
	if err != nil {
		return catalogapi.Book{}, err
	}
	book, err := s.Catalog.Book(httpclient.WithFresh(s.Call(r)), id)
	if err != nil {
		return catalogapi.Book{}, err
	}
	if book.SellerID != site.UserFrom(r).ID {
		return catalogapi.Book{}, site.ErrForbidden
	}
	return book, nil
}

// saveListing answers POST /selling/books/{id}/edit.
func (s pages) saveListing(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	id, err := site.PathID(r)
	if err != nil {
		return err
	}
	update := catalogapi.BookUpdate{BookInput: s.readListing(r, form)}
	update.Version, _ = strconv.ParseInt(form.Value("version"), 10, 64)
	update.StockShown, _ = strconv.ParseInt(form.Value("stock_shown"), 10, 64)
	if !form.OK() {
		return s.allFaults(r, form, update.BookInput)
	}
	if err := s.putCover(r, id, form); err != nil {
		return s.listingRefused(r, form, update, s.withAllFaults(r, form, update.BookInput, err))
	}
	if _, err := s.Catalog.UpdateBook(s.Call(r), id, update); err != nil {
		return s.listingRefused(r, form, update, err)
	}
	s.Flash(w, ui.FlashSuccess, "flash.book_saved")
	return s.Redirect(w, r, "/selling/books")
}

// listingRefused returns why an edit was not taken. If the listing changed
// meanwhile, the form goes on from what it is now: what was typed stays, and
// the stock differs from the present one by as much as the seller wanted.
func (s pages) listingRefused(r *http.Request, form *ui.Form, update catalogapi.BookUpdate, err error) error {
	if site.IsCode(err, catalogapi.CodeVersionConflict) || site.IsCode(err, catalogapi.CodeStockTooLow) {
		book, lost := s.ownBook(r)
		if lost != nil {
			return lost
		}
		set := func(name string, n int64) { form.Values.Set(name, strconv.FormatInt(n, 10)) }
		set("stock", max(book.Stock+update.Stock-update.StockShown, 0))
		set("version", book.Version)
		set("stock_shown", book.Stock)
	}
	return err
}

// allFaults says everything that is wrong with a listing: what this page has
// against it, what catalogsvc has, and what is wrong with the picture.
func (s pages) allFaults(r *http.Request, form *ui.Form, in catalogapi.BookInput) error {
	var listing, cover error
	var checks errgroup.Group
	checks.Go(func() error { listing = s.Catalog.CheckBook(s.Call(r), in); return nil })
	checks.Go(func() error { cover = s.checkPicture(r, form); return nil })
	_ = checks.Wait() // each check has an error of its own
	s.BlameAlso(r, form, listing)
	s.BlameAlso(r, form, cover)
	return form.Err()
}

// withAllFaults returns a refusal; one of fields, with everything else that is
// wrong.
func (s pages) withAllFaults(r *http.Request, form *ui.Form, in catalogapi.BookInput, refusal error) error {
	if apierr.IsKind(refusal, apierr.KindInvalid) {
		if err := s.allFaults(r, form, in); err != nil {
			return err
		}
	}
	return refusal
}

// listingOrder is that of the fields on the page.
var listingOrder = []string{
	"title", "authors", "isbn", "year", "publisher", "category", "language", "description",
	"condition", "price", "stock", "sku", "cover",
}

// readListing returns what the form says of a listing, and blames what can't
// be read as what it should be. The rules are catalogsvc's.
func (s pages) readListing(r *http.Request, form *ui.Form) catalogapi.BookInput {
	form.FieldOf, form.Order = listingField, listingOrder
	s.checkCover(r, form)
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
	for _, name := range []string{"title", "authors", "category", "language", "condition", "price", "stock"} {
		if form.Value(name) == "" {
			s.Blame(r, form, name, apierr.CodeRequired)
		}
	}
	if text := form.Value("year"); text != "" {
		in.Year = int(s.ReadWhole(r, form, "year", text))
	}
	if text := form.Value("stock"); text != "" {
		in.Stock = s.ReadWhole(r, form, "stock", text)
	}
	if text := form.Value("price"); text != "" {
		in.Price = s.ReadAmount(r, form, "price", text)
	}
	return in
}

// lines returns the lines of a text that are not blank.
func lines(typed string) []string {
	kept := []string{}
	for line := range strings.Lines(typed) {
		if line = text.Line(line); line != "" {
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
func (s pages) deleteListingPage(w http.ResponseWriter, r *http.Request) error {
	book, err := s.ownBook(r)
	if err != nil {
		return err
	}
	p := s.Page(r, site.Words(r).T("selling.delete"))
	return s.Render(w, r, http.StatusOK, DeleteListingPage(p, book), nil)
}

// deleteListing answers POST /selling/books/{id}/delete.
func (s pages) deleteListing(w http.ResponseWriter, r *http.Request, _ *ui.Form) error {
	id, err := site.PathID(r)
	if err != nil {
		return err
	}
	if err := s.Catalog.DeleteBook(s.Call(r), id); err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.book_deleted")
	return s.Redirect(w, r, "/selling/books")
}
