package ui

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"

	"bookstore/assets/cover"
	"bookstore/shared/catalogapi"

	"github.com/a-h/templ"
	"github.com/maypok86/otter/v2"
)

// Cover is what a book looks like: a picture of the copy on offer if there is
// one, and otherwise a drawing that is made of title and authors.
type Cover struct {
	Key     string // of the picture; "" for the drawing
	Title   string
	Authors []string
	Sizes   string // how wide it is shown, as the attribute has it; "": as a thumbnail
	At      Place
}

// Place says when a browser needs a cover.
type Place int

// The places of a cover. What is further down waits until a visitor gets there.
const (
	Further Place = iota
	InView        // on the first screen
	First         // the largest of the first screen
)

// How wide covers are shown.
const (
	thumbSizes = "5rem"
	CardSizes  = "(min-width: 40rem) 12rem, 45vw"
	PageSizes  = "(min-width: 40rem) 22rem, 60vw"
)

// CoverOf is the cover of b as a thumbnail.
func CoverOf(b catalogapi.Book) Cover { return Cover{Key: b.Cover, Title: b.Title, Authors: b.Authors} }

// Shown returns c as it is shown at a place, in a width of those above.
func (c Cover) Shown(sizes string, at Place) Cover {
	c.Sizes, c.At = sizes, at
	return c
}

// attributes are those of an image but its source.
func (c Cover) attributes() templ.Attributes {
	if c.Key == "" {
		return templ.Attributes{"decoding": "async"}
	}
	set := make([]string, 0, 3)
	for _, width := range catalogapi.CoverWidths {
		set = append(set, fmt.Sprintf("%s?width=%d %dw", c.URL(), width, width))
	}
	attributes := templ.Attributes{
		"srcset": strings.Join(append(set, c.URL()+" 800w"), ", "),
		"sizes":  cmp.Or(c.Sizes, thumbSizes),
	}
	switch c.At {
	case Further:
		attributes["loading"] = "lazy"
	case First:
		attributes["fetchpriority"] = "high"
	}
	return attributes
}

// URL returns the address of the picture, or the drawing as an address of its own.
func (c Cover) URL() string {
	if c.Key != "" {
		return "/covers/" + c.Key + ".jpg"
	}
	return drawing(c.Title, c.Authors)
}

// drawings are covers as they stand in pages. Drawing one takes longer than all
// else that a card needs.
var drawings = otter.Must(&otter.Options[string, string]{
	MaximumWeight: 8 << 20,
	Weigher:       func(words, drawn string) uint32 { return uint32(len(words) + len(drawn)) },
})

// drawing returns the generated cover of a book as an address that holds all of
// it: a page with many of them asks for none, and they shrink together.
func drawing(title string, authors []string) string {
	words := coverWords(title, authors)
	key := strings.Join(words, "\x00")
	if drawn, ok := drawings.GetIfPresent(key); ok {
		return drawn
	}
	svg := cover.SVG(words[0], strings.Join(words[1:], ", "))
	drawn := "data:image/svg+xml," + inAddress.Replace(string(svg))
	drawings.Set(key, drawn)
	return drawn
}

// inAddress escapes what an address may not have, and quotes, which would be
// longer as an attribute has them.
var inAddress = strings.NewReplacer("%", "%25", "#", "%23", `"`, "%22", "<", "%3C", ">", "%3E")

// coverWords are what a generated cover shows.
func coverWords(title string, authors []string) []string {
	words := []string{Clip(title, 150)}
	for _, author := range authors[:min(len(authors), 3)] {
		words = append(words, Clip(author, 60))
	}
	return words
}

// CoverURL returns the address of the generated cover of a book, as pages have
// had it that are still open. It carries all that the cover shows, so it needs no
// look-up and may be cached for long.
func CoverURL(title string, authors []string) string {
	data, err := json.Marshal(coverWords(title, authors))
	if err != nil { // strings always encode
		panic(err)
	}
	return "/covers/" + base64.RawURLEncoding.EncodeToString(data) + ".svg"
}

// DecodeCover returns the title and authors that CoverURL put into an address.
func DecodeCover(name string) (title string, authors []string, ok bool) {
	data, err := base64.RawURLEncoding.DecodeString(name)
	if err != nil || len(data) > 4096 {
		return "", nil, false
	}
	var words []string
	if err := json.Unmarshal(data, &words); err != nil || len(words) == 0 || len(words) > 4 {
		return "", nil, false
	}
	return words[0], words[1:], true
}

func Clip(text string, runes int) string {
	n := 0
	for i := range text {
		if n == runes {
			return text[:i]
		}
		n++
	}
	return text
}
