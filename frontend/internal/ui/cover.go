package ui

import (
	"encoding/base64"
	"encoding/json"

	"bookstore/shared/catalogapi"
)

// Cover is what a book looks like: a picture of the copy on offer if there is
// one, and otherwise a drawing that is made of title and authors.
type Cover struct {
	Key     string // of the picture; "" for the drawing
	Title   string
	Authors []string
}

func CoverOf(b catalogapi.Book) Cover { return Cover{b.Cover, b.Title, b.Authors} }

func (c Cover) url() string {
	if c.Key != "" {
		return "/covers/" + c.Key + ".jpg"
	}
	return CoverURL(c.Title, c.Authors)
}

// CoverURL returns the address of the generated cover of a book. It carries
// all that the cover shows, so it needs no look-up and may be cached for long.
func CoverURL(title string, authors []string) string {
	words := []string{Clip(title, 150)}
	for _, author := range authors[:min(len(authors), 3)] {
		words = append(words, Clip(author, 60))
	}
	data, err := json.Marshal(words)
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
