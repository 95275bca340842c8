package catalog

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/catalogapi"
	"bookstore/shared/i18n"
	"bookstore/shared/shopapi"
	"bookstore/shared/text"
)

// Home is what the home page shows.
type Home struct {
	Newest     []catalogapi.Book
	Categories []catalogapi.Category // empty if they are not known at the moment
	PayMethods []string              // likewise
}

// paidSafely says how orders are paid, as far as it is known.
func (h Home) paidSafely(p ui.Page) string {
	promise := p.T("home.promise.payment_text")
	var methods []string
	for _, m := range h.PayMethods {
		if key := "home.pay_by." + m; p.Has(key) {
			methods = append(methods, p.T(key))
		}
	}
	if len(methods) == 0 {
		return promise
	}
	return p.T("home.promise.pay_by", "Methods", p.Or(methods)) + " " + promise
}

// inView says where the card of a list is: a phone's first screen has two rows of
// two, others hardly more than one row.
func inView(card int) ui.Place {
	switch {
	case card == 0:
		return ui.First
	case card < 4:
		return ui.InView
	}
	return ui.Further
}

// shelves are the books whose covers stand beside the greeting.
func (h Home) shelves() [][]catalogapi.Book {
	const shelves, width = 2, 4
	return slices.Collect(slices.Chunk(h.Newest[:min(len(h.Newest), shelves*width)], width))
}

// stocked are the categories in which there is something to buy.
func (h Home) stocked() []catalogapi.Category {
	return slices.DeleteFunc(slices.Clone(h.Categories), func(c catalogapi.Category) bool { return c.Books == 0 })
}

// Filters is what the catalog is asked for, as it was typed.
type Filters struct {
	Q, Category, Condition, Language string
	MinPrice, MaxPrice               string // major units
	InStock                          bool
	SellerID                         int64
	SellerName                       string // as far as it is known
	Author                           string // as a slug
	Sort                             string
	PricesUsed                       bool            // whether the list keeps to a price
	Errors                           []ui.FieldError // what could not be understood
}

// recentPath is the address of the books that were listed last.
const recentPath = "/recently-listed"

// isPlain reports whether f asks for a whole shelf: not for what a reader of the
// moment picks out of it.
func (f Filters) isPlain() bool { return !strings.Contains(f.URL(), "?") }

// URL returns the address of the catalog under f.
func (f Filters) URL() string { return f.after("") }

// path returns the path of the shelf that f is about. What else f asks for stands
// behind it.
func (f Filters) path() string {
	switch {
	case f.Q != "":
		return "/books"
	case f.SellerID > 0:
		return ui.SellerURL(f.SellerID, f.SellerName)
	case f.Author != "":
		return ui.AuthorURL(f.Author)
	case f.Category != "":
		return ui.CategoryURL(f.Category)
	case f.Sort == catalogapi.SortNewest:
		return recentPath
	}
	return "/books"
}

// after returns the address of the part of the list that a cursor begins.
func (f Filters) after(cursor string) string {
	v := url.Values{}
	set := func(name, value string) {
		if value != "" {
			v.Set(name, value)
		}
	}
	set("q", f.Q)
	set("category", f.Category)
	set("author", f.Author)
	set("condition", f.Condition)
	set("language", f.Language)
	set("min_price", f.MinPrice)
	set("max_price", f.MaxPrice)
	set("sort", f.Sort)
	set("cursor", cursor)
	if f.InStock {
		v.Set("in_stock", "true")
	}
	if f.SellerID > 0 {
		v.Set("seller_id", strconv.FormatInt(f.SellerID, 10))
	}
	path := f.path()
	shelf, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	v.Del(inPath[shelf])
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}

// inPath are the parameters that the path of a shelf stands for.
var inPath = map[string]string{"categories": "category", "sellers": "seller_id", "authors": "author", "recently-listed": "sort"}

func (f Filters) form() ui.Form {
	form := ui.NewForm("language", f.Language, "min_price", f.MinPrice, "max_price", f.MaxPrice,
		"in_stock", strconv.FormatBool(f.InStock), "sort", f.Sort)
	form.Errors = f.Errors
	return form
}

// BookList is a part of the list of books, and what it was asked for.
type BookList struct {
	Filters
	Books      []catalogapi.Book
	Total      int               // 0 on later parts of the list
	Instead    string            // what to search for where nothing is found; empty: nothing else
	Popular    []catalogapi.Book // what others buy, where nothing is found
	Continued  bool              // whether this is a later part
	NextCursor string
	Categories []catalogapi.Category
}

// Title returns what the list shows, in a few words.
func (c BookList) Title(t *i18n.Translator) string { return c.heading(ui.Page{Translator: t}) }

func (c BookList) heading(p ui.Page) string {
	switch {
	case c.Q != "":
		return p.T("books.found", "Query", c.Q)
	case c.SellerID > 0 && len(c.Books) > 0:
		return p.T("books.from", "Seller", c.Books[0].SellerName)
	case c.Author != "":
		return p.T("books.by", "Author", c.authorName())
	case c.Category != "":
		return ui.CategoryName(p, c.Category)
	case c.Sort == catalogapi.SortNewest:
		return p.T("books.recent")
	}
	return p.T("books.all")
}

// authorName is the name of the list's author, as it is written on a book.
func (c BookList) authorName() string {
	for _, b := range c.Books {
		for _, name := range b.Authors {
			if text.Slug(name) == c.Author {
				return name
			}
		}
	}
	return strings.ReplaceAll(c.Author, "-", " ")
}

// isNobodys reports whether the page is of a seller or an author of whom there is
// nothing.
func (c BookList) isNobodys() bool {
	return (c.SellerID > 0 || c.Author != "") && c.isPlain() && !c.Continued && len(c.Books) == 0
}

// foundNothing reports whether a search has found nothing at all.
func (c BookList) foundNothing() bool { return c.Q != "" && !c.Continued && len(c.Books) == 0 }

// isNarrowed reports whether a search has filters as well.
func (c BookList) isNarrowed() bool { return c.Q != "" && c.URL() != c.everywhere() }

// everywhere is the address of the search without any filter.
func (c BookList) everywhere() string { return Filters{Q: c.Q}.URL() }

func (c BookList) count(p ui.Page) string {
	switch {
	case c.Continued:
		return ""
	case c.Total >= catalogapi.MaxTotal:
		return p.T("books.count_many", "Count", p.Number(catalogapi.MaxTotal))
	}
	return p.N("books.count", c.Total)
}

// applyLabel is what the button of the filters says once it is known how many
// books they leave.
func (c BookList) applyLabel(p ui.Page) string {
	switch {
	case c.Continued:
		return p.T("books.apply")
	case c.Total >= catalogapi.MaxTotal:
		return p.T("books.show_many", "Count", p.Number(catalogapi.MaxTotal))
	}
	return p.N("books.show", c.Total)
}

func (c BookList) nextURL() string {
	if c.NextCursor == "" {
		return ""
	}
	return c.after(c.NextCursor)
}

// insteadURL is the address of the list with a search that finds something.
func (c BookList) insteadURL() string {
	f := c.Filters
	f.Q = c.Instead
	return f.URL()
}

// chip is a filter at work, with the address of the list without it.
type chip struct{ label, url string }

func (c BookList) chips(p ui.Page) []chip {
	var chips []chip
	without := func(label string, drop func(*Filters)) {
		rest := c.Filters
		drop(&rest)
		chips = append(chips, chip{label, rest.URL()})
	}
	if c.Q != "" {
		without("“"+c.Q+"”", func(f *Filters) { f.Q = "" })
	}
	if c.Category != "" {
		without(ui.CategoryName(p, c.Category), func(f *Filters) { f.Category = "" })
	}
	if c.Condition != "" {
		without(p.T("condition."+c.Condition), func(f *Filters) { f.Condition = "" })
	}
	if c.Language != "" {
		without(ui.LanguageName(p, c.Language), func(f *Filters) { f.Language = "" })
	}
	if c.PricesUsed {
		without(c.priceRange(p), func(f *Filters) { f.MinPrice, f.MaxPrice = "", "" })
	}
	if c.InStock {
		without(p.T("books.in_stock"), func(f *Filters) { f.InStock = false })
	}
	if c.SellerID > 0 {
		without(p.T("books.one_seller"), func(f *Filters) { f.SellerID = 0 })
	}
	if c.Author != "" {
		without(c.authorName(), func(f *Filters) { f.Author = "" })
	}
	return chips
}

func (c BookList) priceRange(p ui.Page) string {
	failed := c.form()
	switch {
	case c.MaxPrice == "" || failed.Error("max_price") != "":
		return p.T("books.price_from", "Min", c.MinPrice)
	case c.MinPrice == "" || failed.Error("min_price") != "":
		return p.T("books.price_to", "Max", c.MaxPrice)
	}
	return p.T("books.price_between", "Min", c.MinPrice, "Max", c.MaxPrice)
}

func sortOptions(p ui.Page, searching bool) []ui.Option {
	options := []ui.Option{
		{Value: catalogapi.SortNewest, Label: p.T("books.sort.newest")},
		{Value: catalogapi.SortPriceAsc, Label: p.T("books.sort.price_asc")},
		{Value: catalogapi.SortPriceDesc, Label: p.T("books.sort.price_desc")},
		{Value: catalogapi.SortTitle, Label: p.T("books.sort.title")},
	}
	if searching {
		options = append([]ui.Option{{Value: "", Label: p.T("books.sort.relevance")}}, options...)
	}
	return options
}

// Book is what a book's page shows.
type Book struct {
	catalogapi.Book
	Others  []catalogapi.Book // other offers of the same edition, the cheapest first
	Similar []catalogapi.Book // what else is on its shelf; only for a book that can't be bought
	Own     bool              // whether the visitor sells it

	Country  string                  // where the visitor's books go
	Delivery *shopapi.DeliveryQuotes // to there, if that can be told
}

// deliveryLine says what delivery costs, as far as that is known.
func (b Book) deliveryLine(p ui.Page) string {
	switch {
	case b.Delivery == nil:
		return p.T("book.delivery")
	case len(b.Delivery.Items) == 0:
		return p.T("book.delivery_none", "Country", p.Country(b.Country))
	}
	return p.T("book.delivery_from", "Country", p.Country(b.Country), "Cost", p.Money(b.Delivery.Items[0].Cost))
}

// delisted reports whether the book is no longer offered.
func (b Book) delisted() bool { return b.DelistedAt != nil }

const (
	lowStock   = 3  // copies from which on the page says how few are left
	offerLimit = 99 // copies that the page's form offers at most
)

func (b Book) stockState() string {
	switch {
	case b.Stock == 0:
		return "is-out"
	case b.Stock <= lowStock:
		return "is-low"
	}
	return "is-in"
}

func (b Book) stockLine(p ui.Page) string {
	switch {
	case b.delisted():
		return p.T("book.delisted")
	case b.Stock == 0:
		return p.T("book.sold_out")
	case b.Stock <= lowStock:
		return p.N("book.few_left", int(b.Stock))
	}
	return p.N("book.in_stock", int(b.Stock))
}

func (b Book) stockIcon() string {
	if b.Stock == 0 {
		return "close"
	}
	return "check"
}

func (b Book) maxQuantity() string { return strconv.FormatInt(min(b.Stock, offerLimit), 10) }

func yearOf(p ui.Page, year int) string {
	if year < 0 {
		return p.T("book.year_bc", "Year", -year)
	}
	return strconv.Itoa(year)
}

// paragraphs parts a text at its blank lines.
func paragraphs(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// Summary returns the beginning of a book's description in one line, for
// search engines.
func Summary(b catalogapi.Book) string {
	text := strings.Join(strings.Fields(b.Description), " ")
	short := ui.Clip(text, 155)
	if short == text {
		return text
	}
	return strings.TrimRight(short, " ,.;:") + "…"
}
