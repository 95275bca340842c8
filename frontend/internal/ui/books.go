package ui

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"bookstore/shared/catalogapi"
	"bookstore/shared/i18n"
	"bookstore/shared/text"

	"github.com/a-h/templ"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
)

// ConditionOptions offers all conditions, each with what it means.
func ConditionOptions(p Page) []Option {
	var options []Option
	for _, c := range catalogapi.Conditions {
		options = append(options, Option{Value: c, Label: p.T("condition." + c), Note: p.T("condition_note." + c)})
	}
	return options
}

// CategoryName is what readers call a category; its slug if no message names it.
func CategoryName(p Page, slug string) string {
	if key := "category." + slug; p.Has(key) {
		return p.T(key)
	}
	return slug
}

// ByName returns the categories in the order of their names.
func ByName(p Page, categories []catalogapi.Category) []catalogapi.Category {
	sorted := slices.Clone(categories)
	place := categoryKeys[p.Lang()].of
	slices.SortFunc(sorted, func(a, b catalogapi.Category) int {
		return bytes.Compare(place(CategoryName(p, a.Slug)), place(CategoryName(p, b.Slug)))
	})
	return sorted
}

// categoryKeys are, in each language of the shop, what the names of categories are
// ordered by.
var categoryKeys = func() map[string]*sortKeys {
	keys := map[string]*sortKeys{}
	for _, lang := range i18n.Languages {
		keys[lang] = &sortKeys{order: collate.New(language.Make(lang)), known: map[string][]byte{}}
	}
	return keys
}()

// sortKeys remembers the keys of names in the order of a language: to make one
// takes longer than to sort by it, and collators serve one caller at a time.
type sortKeys struct {
	mu    sync.Mutex
	order *collate.Collator
	known map[string][]byte // there are as many as categories
}

func (k *sortKeys) of(name string) []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	key, ok := k.known[name]
	if !ok {
		key = bytes.Clone(k.order.KeyFromString(&collate.Buffer{}, name))
		k.known[name] = key
	}
	return key
}

// bookLanguages are the languages that forms offer (ISO 639-1): those with the
// most books in print.
var bookLanguages = []string{
	"ar", "bg", "bn", "ca", "cs", "cy", "da", "de", "el", "en", "es", "et", "eu", "fa", "fi", "fr", "ga", "gl",
	"he", "hi", "hr", "hu", "id", "is", "it", "ja", "ko", "la", "lt", "lv", "nl", "no", "pl", "pt", "qu", "ro", "ru",
	"sk", "sl", "sr", "sv", "ta", "th", "tr", "uk", "ur", "vi", "zh",
}

// languageChoices are the languages by name, in each language of the shop.
var languageChoices = func() map[string][]Option {
	choices := map[string][]Option{}
	for _, lang := range i18n.Languages {
		order := collate.New(language.Make(lang))
		var options []Option
		for _, code := range bookLanguages {
			options = append(options, Option{Value: code, Label: languageIn(lang, code)})
		}
		slices.SortFunc(options, func(a, b Option) int {
			return cmp.Or(order.CompareString(a.Label, b.Label), strings.Compare(a.Value, b.Value))
		})
		choices[lang] = options
	}
	return choices
}()

// languageIn returns the name of a language, in another, as a label begins.
func languageIn(lang, code string) string {
	name := display.Languages(language.Make(lang)).Name(language.Make(code))
	if name == "" {
		return code
	}
	first, size := utf8.DecodeRuneInString(name)
	return string(unicode.ToUpper(first)) + name[size:]
}

// LanguageName is what readers call the language of a code, or else the code.
func LanguageName(p Page, code string) string { return languageIn(p.Lang(), code) }

// LanguageOptions offers all languages, and chosen even if it is none of them.
func LanguageOptions(p Page, chosen string) []Option {
	options := languageChoices[p.Lang()]
	if chosen == "" || slices.Contains(bookLanguages, chosen) {
		return options
	}
	return append(slices.Clone(options), Option{Value: chosen, Label: LanguageName(p, chosen)})
}

// AuthorLine names authors in one line.
func AuthorLine(authors []string) string { return strings.Join(authors, ", ") }

// LineNote joins authors and condition, leaving out what is not known.
func LineNote(p Page, authors []string, condition string) string {
	var parts []string
	if len(authors) > 0 {
		parts = append(parts, i18n.Isolate(AuthorLine(authors)))
	}
	if condition != "" {
		parts = append(parts, p.T("condition."+condition))
	}
	return strings.Join(parts, " · ")
}

// CategoryURL is the address of the books of a category.
func CategoryURL(slug string) string { return escaped("/categories/" + slug) }

// SellerURL is the address of the books of a seller of this name, which may be ""
// where nobody knows it: the address leads on to the one with it.
func SellerURL(id int64, name string) string {
	path := "/sellers/" + strconv.FormatInt(id, 10)
	if slug := text.Slug(name); slug != "" {
		path += "/" + slug
	}
	return escaped(path)
}

// AuthorURL is the address of the books of an author of this name, "" for a name
// that can't stand in an address.
func AuthorURL(name string) string {
	slug := text.Slug(name)
	if slug == "" {
		return ""
	}
	return escaped("/authors/" + slug)
}

func escaped(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// BookURL is the address of a book's page.
func BookURL(id int64) templ.SafeURL { return templ.SafeURL(fmt.Sprintf("/books/%d", id)) }

// EditListingURL is the address of the form of a listing.
func EditListingURL(id int64) string { return "/selling/books/" + strconv.FormatInt(id, 10) + "/edit" }

// QuantityText says how many copies n are.
func QuantityText(p Page, n int64) string { return p.T("order.quantity", "Count", fmt.Sprint(n)) }
