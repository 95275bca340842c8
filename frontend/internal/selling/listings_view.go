package selling

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/catalogapi"
	"bookstore/shared/i18n"
	"bookstore/shared/money"
	"bookstore/shared/text"
)

// Listings is a part of a seller's own books.
type Listings struct {
	Books   []catalogapi.Book
	NextURL string // "" on the last part
}

// ListingForm is the form of a listing, new or old.
type ListingForm struct {
	ui.Form
	ID         int64 // 0: a new one
	Currency   string
	Price      money.Money // 0 while none is given that can be understood
	Categories []catalogapi.Category
}

var coverKey = regexp.MustCompile("^[0-9a-f]{64}$")

// cover is the key of the picture that the book has, "" for none.
func (l ListingForm) cover() string {
	if key := l.Value("cover_shown"); coverKey.MatchString(key) {
		return key
	}
	return ""
}

// preview is the book that the form describes so far; what it does not yet say
// has the name of its field.
func (l ListingForm) preview(p ui.Page) catalogapi.Book {
	b := catalogapi.Book{
		Title: cmp.Or(text.Line(l.Value("title")), p.T("selling.title")), Authors: lines(l.Value("authors")),
		Condition: site.OneOf(l.Value("condition"), catalogapi.Conditions), Price: l.Price, Cover: l.cover(), Stock: 1,
	}
	if len(b.Authors) == 0 {
		b.Authors = []string{p.T("selling.authors")}
	}
	return b
}

func (l ListingForm) action() string {
	if l.ID == 0 {
		return "/selling/books/new"
	}
	return ui.EditListingURL(l.ID)
}

func (l ListingForm) heading(p *i18n.Translator) string {
	if l.ID == 0 {
		return p.T("selling.new")
	}
	return p.T("selling.edit")
}

// coverTypes are those of a cover's file, as an input names them.
var coverTypes = strings.Join(catalogapi.CoverTypes, ",")

func (l ListingForm) coverLabel(p ui.Page) string {
	if l.cover() == "" {
		return p.T("selling.cover_choose")
	}
	return p.T("selling.cover_replace")
}

// coverHint says which files may be chosen, and whether one has to be again.
func (l ListingForm) coverHint(p ui.Page) string {
	hint := p.T("selling.cover_hint", "Max", strconv.Itoa(catalogapi.MaxCover>>20))
	if l.File.Chosen() && l.Error("cover") == "" {
		hint = p.T("selling.cover_again") + " " + hint
	}
	return hint
}

func (l ListingForm) categoryOptions(p ui.Page) []ui.Option {
	options := []ui.Option{{Label: p.T("selling.choose")}}
	for _, c := range ui.ByName(p, l.Categories) {
		options = append(options, ui.Option{Value: c.Slug, Label: ui.CategoryName(p, c.Slug)})
	}
	return options
}

func (l ListingForm) languageOptions(p ui.Page) []ui.Option {
	return append([]ui.Option{{Label: p.T("selling.choose")}}, ui.LanguageOptions(p, l.Value("language"))...)
}

func removeCoverURL(id int64) string {
	return "/selling/books/" + strconv.FormatInt(id, 10) + "/cover/delete"
}

func deleteURL(id int64) string { return "/selling/books/" + strconv.FormatInt(id, 10) + "/delete" }
