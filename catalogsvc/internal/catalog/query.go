package catalog

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"slices"

	"bookstore/catalogsvc/internal/isbn"
	"bookstore/catalogsvc/internal/search"
	"bookstore/shared/catalogapi"
	"bookstore/shared/page"
	"bookstore/shared/text"
)

// Sort is an order of a list of books. Equal ones are ordered by their ids, in
// the same direction.
type Sort string

// The orders. Relevance needs a search, without which it is newest, and has the
// newer first among equals.
const (
	SortRelevance Sort = catalogapi.SortRelevance
	SortNewest    Sort = catalogapi.SortNewest
	SortPriceAsc  Sort = catalogapi.SortPriceAsc
	SortPriceDesc Sort = catalogapi.SortPriceDesc
	SortTitle     Sort = catalogapi.SortTitle
)

var sorts = []Sort{SortRelevance, SortNewest, SortPriceAsc, SortPriceDesc, SortTitle}

// MaxTotal is where counting a list stops.
const MaxTotal = catalogapi.MaxTotal

// Filter selects books on offer. A zero field restricts nothing.
type Filter struct {
	Category, Condition, Language string
	MinPrice, MaxPrice            int64 // minor units
	InStock                       bool
	SellerID                      int64
	Author                        string `json:",omitempty"` // a name, or its slug; cursors of the release before know none
	ISBN                          string
	IDs                           []int64
}

// isEmpty reports whether no book can have what f asks for: links may name what
// was never there.
func (f Filter) isEmpty() bool {
	return f.Category != "" && !IsCategory(f.Category) ||
		f.Condition != "" && !slices.Contains(catalogapi.Conditions, f.Condition) ||
		f.Language != "" && !isLanguage(f.Language) ||
		f.Author != "" && search.Author(f.Author) == ""
}

// Query is what a reader asks of the catalog.
type Query struct {
	Filter
	Text   string // words of the title, authors or ISBN; the last may be a beginning
	Sort   Sort
	Limit  int
	Cursor string
	Fresh  bool // sees every write so far
}

// Search is the part of a selection that full text answers. All its words
// must be found, the last as a beginning.
type Search struct {
	Words []string // tokens
	Title []string `json:"-"` // tokens of the text as a title's, to rank by
	ISBN  string   // what the text as a whole says, if it is an ISBN
}

// Selection is a Query as the store answers it.
type Selection struct {
	Filter
	Search *Search // nil: no search
	Sort   Sort
	After  *Place // nil: from the beginning
	Limit  int    // rows
	Fresh  bool   // sees every write so far
}

// The tiers in which a search ranks what it finds.
const (
	TierISBN        = iota // the text is the book's ISBN
	TierTitle              // the text is the title
	TierTitleBegins        // the title begins with the text
	TierTitleWords         // the title has all the words
	TierElse
)

// Place is where a book stands in a list: the columns it is sorted by. Only
// those of the list's order are set.
type Place struct {
	Tier  int    `json:"t,omitempty"`
	Price int64  `json:"p,omitempty"`
	Title string `json:"s,omitempty"`
	ID    int64  `json:"i"`
}

// Books is one page of books. Total counts all of them, up to MaxTotal, and
// comes with the first page only.
type Books struct {
	page.Page[Book]
	Total   int
	Instead string // what finds something where a misspelled search finds nothing
}

// cursor is a place in the list that Of stands for.
type cursor struct {
	Of    string `json:"q"`
	Place Place  `json:"k"`
}

// selection returns q as the store answers it, and what its cursors name it by.
// It returns page.ErrCursor for another list's cursor.
func (q Query) selection() (s Selection, name string, err error) {
	var c check
	q.ISBN = c.isbn(q.ISBN)
	c.allowed("sort", q.Sort == "" || slices.Contains(sorts, q.Sort))
	if err := c.err(); err != nil {
		return s, "", err
	}
	s = Selection{Filter: q.Filter, Search: ParseSearch(q.Text), Sort: q.Sort, Limit: page.Limit(q.Limit) + 1, Fresh: q.Fresh}
	if s.Sort == "" {
		s.Sort = SortRelevance
	}
	if s.Sort == SortRelevance && s.Search == nil {
		s.Sort = SortNewest
	}
	if name, err = s.name(); err != nil || q.Cursor == "" {
		return s, name, err
	}
	var at cursor
	if err := page.Decode(q.Cursor, &at); err != nil {
		return s, "", err
	}
	if at.Of != name {
		return s, "", page.ErrCursor
	}
	s.After = &at.Place
	return s, name, nil
}

// IsEmpty reports whether s selects nothing, whatever the catalog holds.
func (s Selection) IsEmpty() bool {
	return s.Filter.isEmpty() || s.Search != nil && len(s.Search.Words) == 0
}

// name is a short digest of what s selects and how it sorts.
func (s Selection) name() (string, error) {
	data, err := json.Marshal([]any{s.Filter, s.Search, s.Sort})
	if err != nil {
		return "", fmt.Errorf("name the selection: %w", err)
	}
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(sum[:6]), nil
}

// ParseSearch returns what a visitor searches for who typed a text; nil for a
// blank one. A text of nothing but signs is a
// search without words, which finds nothing.
func ParseSearch(typed string) *Search {
	typed = text.Line(typed)
	if typed == "" {
		return nil
	}
	if isbn13, ok := isbn.Recognize(typed); ok {
		words := []string{search.ISBN(isbn13)}
		return &Search{Words: words, Title: words, ISBN: isbn13}
	}
	return &Search{Words: search.Query(typed), Title: search.Words(typed)}
}

// IndexWords returns the tokens under which a search finds l.
func (l Listing) IndexWords() []string {
	return search.Index(append([]string{l.Title, l.ISBN, isbn.To10(l.ISBN)}, l.Authors...)...)
}

// TitleWords returns the tokens of the title in their order.
func (l Listing) TitleWords() []string { return search.Words(l.Title) }

// SortTitle returns what l is sorted by under SortTitle.
func (l Listing) SortTitle() string { return search.SortKey(l.Title) }
