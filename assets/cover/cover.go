// Package cover draws the cover of a book that has no picture: a jacket whose
// layout, colours and lettering follow from the title and the authors alone.
package cover

import (
	"hash/fnv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The jacket's size in the units of its drawing, and the margin text keeps.
const (
	width  = 400.0
	height = 600.0
	margin = 40.0
	inner  = width - 2*margin
)

// SVG returns a cover for the book as an SVG document of 400 × 600, two to three.
// The same title and authors always give the same bytes. Any input is safe,
// an empty one too: the result is well-formed, holds no script and asks for
// nothing from elsewhere.
func SVG(title, authors string) []byte {
	b := newBook(title, authors)
	var c canvas
	c.begin(strings.TrimSpace(b.title + " " + b.subtitle))
	layouts[b.dice.roll(len(layouts))](&c, b)
	c.end()
	return c.buf.Bytes()
}

// book is what a layout draws.
type book struct {
	title    string
	subtitle string
	author   string
	palette  palette
	dice     *dice
}

func newBook(title, authors string) book {
	title, authors = clean(title), clean(authors)
	h := fnv.New64a()
	h.Write([]byte(title + "\x00" + authors))
	d := dice(h.Sum64())

	main, sub := splitTitle(title)
	return book{
		title:    main,
		subtitle: sub,
		author:   authors,
		palette:  palettes[d.roll(len(palettes))],
		dice:     &d,
	}
}

// splitTitle parts "Sapiens: A Brief History of Humankind" at the colon, so that
// the title can be large and the rest small.
func splitTitle(title string) (main, sub string) {
	for _, mark := range []string{": ", "; or, ", " — ", " – "} {
		main, sub, found := strings.Cut(title, mark)
		if found && main != "" && sub != "" {
			return main, sub
		}
	}
	return title, ""
}

// longest is the number of characters of a title or a list of authors that a
// cover looks at.
const longest = 300

// clean gives text on one line without what XML or a reader's eye cannot take:
// control characters, marks that turn the direction of writing, broken UTF-8.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			return ' '
		case r == zeroWidthJoiner || r == zeroWidthNonJoiner:
			return r
		case unicode.Is(unicode.Cf, r) || r == 0xFFFE || r == 0xFFFF:
			return -1
		}
		return r
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if utf8.RuneCountInString(s) > longest {
		s = string([]rune(s)[:longest])
	}
	return s
}

// dice yields the same numbers for the same book (SplitMix64).
type dice uint64

// roll returns a number from 0 up to, not including, n.
func (d *dice) roll(n int) int {
	*d += 0x9E3779B97F4A7C15
	z := uint64(*d)
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	return int((z ^ z>>31) % uint64(n))
}

// between returns a number from low to high.
func (d *dice) between(low, high float64) float64 {
	return low + (high-low)*float64(d.roll(1001))/1000
}
