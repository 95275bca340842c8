package view

import (
	"strconv"

	"bookstore/shared/catalogapi"
)

// Listings is a part of a seller's own books.
type Listings struct {
	Books   []catalogapi.Book
	NextURL string // "" on the last part
}

// ListingForm is the form of a listing, new or old.
type ListingForm struct {
	Form
	ID         int64 // 0: a new one
	Title      string
	Version    int64 // of the listing that the form began with
	StockShown int64 // copies that the form began with
	Currency   string
	Categories []catalogapi.Category
}

func (l ListingForm) action() string {
	if l.ID == 0 {
		return "/selling/books/new"
	}
	return editURL(l.ID)
}

func (l ListingForm) heading(p Page) string {
	if l.ID == 0 {
		return p.T("selling.new")
	}
	return p.T("selling.edit")
}

func (l ListingForm) categoryOptions(p Page) []Option {
	options := []Option{{Label: p.T("selling.choose")}}
	for _, c := range byName(p, l.Categories) {
		options = append(options, Option{Value: c.Slug, Label: categoryName(p, c.Slug)})
	}
	return options
}

func (l ListingForm) languageOptions(p Page) []Option {
	return append([]Option{{Label: p.T("selling.choose")}}, languageOptions(p, l.Value("language"))...)
}

func (l ListingForm) conditionOptions(p Page) []Option {
	return append([]Option{{Label: p.T("selling.choose")}}, conditionOptions(p)...)
}

func editURL(id int64) string { return "/selling/books/" + strconv.FormatInt(id, 10) + "/edit" }

func deleteURL(id int64) string { return "/selling/books/" + strconv.FormatInt(id, 10) + "/delete" }
