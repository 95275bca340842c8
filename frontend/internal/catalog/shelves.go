package catalog

import (
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/shared/catalogapi"
	"bookstore/shared/text"

	"github.com/gorilla/mux"
)

// listCategory answers GET /categories/{slug}.
func (s pages) listCategory(w http.ResponseWriter, r *http.Request) error {
	slug := mux.Vars(r)["slug"]
	if !site.Words(r).Has("category." + slug) {
		return site.ErrNotFound
	}
	filters, query := s.filters(r)
	filters.Category, query.Category = slug, slug
	return s.list(w, r, filters, query)
}

// listSeller answers GET /sellers/{id}/{name}.
func (s pages) listSeller(w http.ResponseWriter, r *http.Request) error {
	id, err := site.PathID(r)
	if err != nil {
		return err
	}
	filters, query := s.filters(r)
	filters.SellerID, query.SellerID = id, id
	filters.SellerName = mux.Vars(r)["name"]
	return s.list(w, r, filters, query)
}

// nameSeller answers GET /sellers/{id}: it leads to the address with the seller's
// name in it, if there is anything of theirs.
func (s pages) nameSeller(w http.ResponseWriter, r *http.Request) error {
	id, err := site.PathID(r)
	if err != nil {
		return err
	}
	filters, query := s.filters(r)
	filters.SellerID, query.SellerID = id, id
	books, err := s.Catalog.Books(s.Call(r), catalogapi.BookQuery{SellerID: id, Limit: 1})
	if err != nil {
		return err
	}
	if len(books.Items) > 0 {
		filters.SellerName = books.Items[0].SellerName
	}
	return s.list(w, r, filters, query)
}

// listAuthor answers GET /authors/{name}.
func (s pages) listAuthor(w http.ResponseWriter, r *http.Request) error {
	author := text.Slug(site.Shorten(mux.Vars(r)["name"], catalogapi.MaxAuthor))
	if author == "" {
		return site.ErrNotFound
	}
	filters, query := s.filters(r)
	filters.Author, query.Author = author, author
	return s.list(w, r, filters, query)
}

// listRecent answers GET /recently-listed.
func (s pages) listRecent(w http.ResponseWriter, r *http.Request) error {
	filters, query := s.filters(r)
	filters.Sort, query.Sort = catalogapi.SortNewest, catalogapi.SortNewest
	return s.list(w, r, filters, query)
}
