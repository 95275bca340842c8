package api

import (
	"context"
	"net/http"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/catalogapi"
	"bookstore/shared/money"
	"bookstore/shared/page"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerBooks(api huma.API) {
	huma.Register(api, huma.Operation{
		OperationID: "list-books", Method: http.MethodGet, Path: "/v1/books",
		Summary: "List and search books on offer",
	}, h.listBooks)
	huma.Register(api, huma.Operation{
		OperationID: "get-book", Method: http.MethodGet, Path: "/v1/books/{id}",
		Summary: "Get a book on offer",
	}, h.getBook)
	huma.Register(api, huma.Operation{
		OperationID: "create-book", Method: http.MethodPost, Path: "/v1/books",
		Summary: "List a book for sale", DefaultStatus: http.StatusCreated, Security: withToken,
	}, h.createBook)
	huma.Register(api, huma.Operation{
		OperationID: "update-book", Method: http.MethodPut, Path: "/v1/books/{id}",
		Summary: "Replace a listing", Security: withToken,
	}, h.updateBook)
	huma.Register(api, huma.Operation{
		OperationID: "delete-book", Method: http.MethodDelete, Path: "/v1/books/{id}",
		Summary: "Take a listing off the shop", Security: withToken,
	}, h.deleteBook)
	huma.Register(api, huma.Operation{
		OperationID: "list-categories", Method: http.MethodGet, Path: "/v1/categories",
		Summary: "List the categories",
	}, h.listCategories)
}

// BookID is the path of a book. It is exported because huma reads no unexported
// embedded structs.
type BookID struct {
	ID int64 `path:"id" minimum:"1"`
}

type booksInput struct{ catalogapi.BookQuery }

func (h *handler) listBooks(ctx context.Context, in *booksInput) (*answer[catalogapi.Books], error) {
	books, err := h.catalog.Books(ctx, caller(ctx), fromQuery(in.BookQuery))
	if err != nil {
		return nil, err
	}
	return answerWith(catalogapi.Books{Page: page.Map(books.Page, h.toAPI), Total: books.Total}), nil
}

func (h *handler) getBook(ctx context.Context, in *BookID) (*answer[catalogapi.Book], error) {
	book, err := h.catalog.Book(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return answerWith(h.toAPI(book)), nil
}

type createBookInput struct{ Body catalogapi.BookInput }

func (h *handler) createBook(ctx context.Context, in *createBookInput) (*answer[catalogapi.Book], error) {
	book, err := h.catalog.AddBook(ctx, caller(ctx), fromInput(in.Body), in.Body.Stock)
	if err != nil {
		return nil, err
	}
	return answerWith(h.toAPI(book)), nil
}

type updateBookInput struct {
	BookID
	Body catalogapi.BookUpdate
}

func (h *handler) updateBook(ctx context.Context, in *updateBookInput) (*answer[catalogapi.Book], error) {
	b := in.Body
	book, err := h.catalog.EditBook(ctx, caller(ctx), in.ID, b.Version, fromInput(b.BookInput), b.Stock, b.StockShown)
	if err != nil {
		return nil, err
	}
	return answerWith(h.toAPI(book)), nil
}

func (h *handler) deleteBook(ctx context.Context, in *BookID) (*struct{}, error) {
	return nil, h.catalog.DelistBook(ctx, caller(ctx), in.ID)
}

func (h *handler) listCategories(ctx context.Context, _ *struct{}) (*answer[catalogapi.Categories], error) {
	counts, err := h.catalog.Categories(ctx)
	if err != nil {
		return nil, err
	}
	items := make([]catalogapi.Category, len(counts))
	for i, c := range counts {
		items[i] = catalogapi.Category{Slug: c.Slug, Books: c.Books}
	}
	return answerWith(catalogapi.Categories{Items: items}), nil
}

func fromQuery(q catalogapi.BookQuery) catalog.Query {
	return catalog.Query{
		Filter: catalog.Filter{
			Category:  q.Category,
			Condition: q.Condition,
			Language:  q.Language,
			MinPrice:  q.MinPrice,
			MaxPrice:  q.MaxPrice,
			InStock:   q.InStock,
			SellerID:  q.SellerID,
			ISBN:      q.ISBN,
			IDs:       q.IDs,
		},
		Text:   q.Q,
		Sort:   catalog.Sort(q.Sort),
		Limit:  q.Limit,
		Cursor: q.Cursor,
	}
}

func fromInput(in catalogapi.BookInput) catalog.Listing {
	return catalog.Listing{
		Title:       in.Title,
		Authors:     in.Authors,
		ISBN:        in.ISBN,
		Description: in.Description,
		Category:    in.Category,
		Language:    in.Language,
		Publisher:   in.Publisher,
		Year:        in.Year,
		Condition:   in.Condition,
		Price:       in.Price,
		SKU:         in.SKU,
	}
}

func (h *handler) toAPI(b catalog.Book) catalogapi.Book {
	return catalogapi.Book{
		ID:          b.ID,
		Version:     b.Version,
		SellerID:    b.SellerID,
		SellerName:  b.SellerName,
		Title:       b.Title,
		Authors:     b.Authors,
		ISBN:        b.ISBN,
		Description: b.Description,
		Category:    b.Category,
		Language:    b.Language,
		Publisher:   b.Publisher,
		Year:        b.Year,
		Condition:   b.Condition,
		Price:       money.New(b.Price, h.currency),
		Stock:       b.Stock,
		SKU:         b.SKU,
		Cover:       b.Cover,
		CreatedAt:   b.CreatedAt,
		UpdatedAt:   b.UpdatedAt,
	}
}
