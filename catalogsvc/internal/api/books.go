package api

import (
	"context"

	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/jsonapi"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerBooks(api huma.API) {
	jsonapi.Handle(api, "GET /v1/books", "list-books", "List and search books on offer", h.listBooks, jsonapi.MaybeAuthenticated)
	jsonapi.Handle(api, "GET /v1/books/popular", "list-popular-books", "List a few books in stock that sold best lately", h.listPopular, jsonapi.MaybeAuthenticated)
	jsonapi.Handle(api, "GET /v1/books/ranges", "list-ranges", "List the ranges of neighboring ids with books on offer, and when they changed", h.listRanges)
	jsonapi.Handle(api, "GET /v1/books/ranges/{number}", "get-range", "List all books on offer of a range", h.getRange)
	jsonapi.Handle(api, "GET /v1/books/{id}", "get-book", "Get a book", h.getBook, jsonapi.MaybeAuthenticated)
	jsonapi.Handle(api, "POST /v1/books", "create-book", "List a book for sale", h.createBook, jsonapi.Authenticated, jsonapi.Created)
	jsonapi.Handle(api, "POST /v1/books/check", "check-book", "Say what is wrong with a listing, without listing it", h.checkBook, jsonapi.Authenticated)
	jsonapi.Handle(api, "PUT /v1/books/{id}", "update-book", "Replace a listing", h.updateBook, jsonapi.Authenticated)
	jsonapi.Handle(api, "DELETE /v1/books/{id}", "delete-book", "Take a listing off the shop", h.deleteBook, jsonapi.Authenticated)
	jsonapi.Handle(api, "DELETE /v1/books", "clear-books", "Take listings of all sellers off the shop, for admins of a shop that allows it", h.clearBooks, jsonapi.Authenticated)
	jsonapi.Handle(api, "GET /v1/categories", "list-categories", "List the categories", h.listCategories)
}

// BookID is the path of a book.
type BookID struct {
	ID int64 `path:"id" minimum:"1"`
}

func (h *handler) listBooks(ctx context.Context, in *catalogapi.BookQuery) (*jsonapi.Body[catalogapi.Books], error) {
	query := fromBookQuery(*in)
	query.Fresh = httpclient.IsFresh(ctx)
	books, err := h.catalog.Books(ctx, caller(ctx), query)
	return jsonapi.Answer(books, err, h.toBooks)
}

func (h *handler) getBook(ctx context.Context, in *struct {
	BookID
	Delisted bool `query:"delisted" doc:"also a book that is no longer offered"`
}) (*jsonapi.Body[catalogapi.Book], error) {
	read := h.catalog.Book
	if in.Delisted {
		read = h.catalog.AnyBook
	}
	book, err := read(ctx, caller(ctx), in.ID)
	return jsonapi.Answer(book, err, h.toBook)
}

func (h *handler) listPopular(ctx context.Context, _ *struct{}) (*jsonapi.Body[catalogapi.Books], error) {
	books, err := h.catalog.Popular(ctx, caller(ctx))
	return jsonapi.Answer(books, err, h.toBooks)
}

func (h *handler) listRanges(ctx context.Context, in *struct {
	Cursor string `query:"cursor" maxLength:"1000"`
}) (*jsonapi.Body[catalogapi.BookRanges], error) {
	ranges, err := h.catalog.Ranges(ctx, in.Cursor)
	return jsonapi.Answer(ranges, err, toRanges)
}

func (h *handler) getRange(ctx context.Context, in *struct {
	Number int64 `path:"number" minimum:"0" maximum:"131071"`
}) (*jsonapi.Body[catalogapi.BookMarks], error) {
	marks, err := h.catalog.Marks(ctx, in.Number)
	return jsonapi.Answer(marks, err, toMarks)
}

// NewBook is a book to be listed.
type NewBook struct {
	jsonapi.IdempotencyKey
	Body catalogapi.BookInput
}

// Resolve implements huma.Resolver.
func (in *NewBook) Resolve(huma.Context) []error { return listingFaults(in.Body) }

// ChangedBook is a listing to be replaced.
type ChangedBook struct {
	BookID
	Body catalogapi.BookUpdate
}

// Resolve implements huma.Resolver.
func (in *ChangedBook) Resolve(huma.Context) []error { return listingFaults(in.Body.BookInput) }

func listingFaults(in catalogapi.BookInput) []error {
	return jsonapi.Faults(fromBookInput(in).Check(in.Stock))
}

func (h *handler) checkBook(ctx context.Context, in *NewBook) (*struct{}, error) {
	return nil, h.catalog.CheckBook(ctx, caller(ctx), fromBookInput(in.Body), in.Body.Stock)
}

func (h *handler) createBook(ctx context.Context, in *NewBook) (*jsonapi.Body[catalogapi.Book], error) {
	book, err := h.catalog.AddBook(ctx, caller(ctx), in.Key, fromBookInput(in.Body), in.Body.Stock)
	return jsonapi.Answer(book, err, h.toBook)
}

func (h *handler) updateBook(ctx context.Context, in *ChangedBook) (*jsonapi.Body[catalogapi.Book], error) {
	b := in.Body
	book, err := h.catalog.EditBook(ctx, caller(ctx), in.ID, b.Version, fromBookInput(b.BookInput), b.Stock, b.StockShown)
	return jsonapi.Answer(book, err, h.toBook)
}

func (h *handler) deleteBook(ctx context.Context, in *BookID) (*struct{}, error) {
	return nil, h.catalog.DelistBook(ctx, caller(ctx), in.ID)
}

func (h *handler) clearBooks(ctx context.Context, _ *struct{}) (*jsonapi.Body[catalogapi.Cleared], error) {
	n, err := h.catalog.ClearBooks(ctx, caller(ctx), h.allowReset)
	return jsonapi.Answer(n, err, func(n int) catalogapi.Cleared { return catalogapi.Cleared{Books: n} })
}

func (h *handler) listCategories(ctx context.Context, _ *struct{}) (*jsonapi.Body[catalogapi.Categories], error) {
	counts, err := h.catalog.Categories(ctx, httpclient.IsFresh(ctx))
	return jsonapi.Answer(counts, err, toCategories)
}
