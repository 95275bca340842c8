// Package search turns texts into the tokens under which they are found. The
// databases' full-text engines see tokens only, all of them plain ASCII
// letters and digits between three and 84 long and none of them a stopword, so
// that their own rules about words, accents, length and operators never apply
// and MySQL and SQLite find the same.
package search

import (
	"strconv"
	"strings"
	"unicode"

	"bookstore/catalogsvc/internal/isbn"
)

// MaxWords is how many words of a query or a title count.
const MaxWords = 64

// maxIndexed bounds the tokens of one text in the index.
const maxIndexed = 2000

// Words returns the tokens of a query or a title in their order. All must be
// found; the last one may be the beginning of a longer one. A text without
// letters and digits has none.
func Words(text string) []string {
	var words []string
	for _, piece := range pieces(text) {
		words = append(words, piece.words()...)
		if len(words) >= MaxWords {
			return words[:MaxWords]
		}
	}
	return words
}

// Index returns the distinct tokens under which texts are to be found: those
// of Words and, for pieces such as "o'brien", "e-mail" or "c++", also the
// other ways in which people write them.
func Index(texts ...string) []string {
	var tokens []string
	seen := map[string]bool{}
	add := func(words ...string) {
		for _, word := range words {
			if !seen[word] && len(tokens) < maxIndexed {
				seen[word] = true
				tokens = append(tokens, word)
			}
		}
	}
	for _, text := range texts {
		for _, piece := range pieces(text) {
			add(piece.words()...)
			add(piece.variants()...)
		}
	}
	return tokens
}

// ISBN returns the token of an ISBN-13 made by isbn.Parse.
func ISBN(isbn13 string) string { return token(isbn13) }

// A piece is a part of a folded text between blanks or signs: letters and
// digits, possibly joined by hyphens and apostrophes, possibly with plus or
// sharp signs at its end.
type piece string

func pieces(text string) []piece {
	var all []piece
	for _, field := range strings.FieldsFunc(fold(text), isGap) {
		field = strings.TrimLeft(field, "-'+#")
		field = strings.TrimRight(field, "-'")
		if strings.IndexFunc(field, isWordRune) >= 0 {
			all = append(all, piece(field))
		}
	}
	return all
}

func isGap(r rune) bool { return !isWordRune(r) && !strings.ContainsRune("-'+#", r) }

// words returns the tokens of a piece as Words promises them. Numbers with
// hyphens are one word, for most of them are ISBNs, half typed perhaps.
func (p piece) words() []string {
	if isbn13, err := isbn.Parse(string(p)); err == nil {
		return []string{token(isbn13)}
	}
	if joined := p.joined(); isNumber(joined) {
		return []string{token(joined)}
	}
	var words []string
	for _, part := range p.parts() {
		words = append(words, partWords(part)...)
	}
	return words
}

// variants returns the tokens under which a piece is found as well: joined
// ("obrien"), each number of a range, and names such as "c++" without signs.
func (p piece) variants() []string {
	var variants []string
	if joined := p.joined(); strings.IndexFunc(joined, isIdeograph) < 0 {
		variants = append(variants, token(joined))
	}
	for _, part := range p.parts() {
		bare := strings.TrimRight(part, "+#")
		variants = append(variants, partWords(bare)...)
	}
	return variants
}

// parts splits a piece at its joints. Plus and sharp signs stay where they end
// a part, as in "c++-library", and are joints elsewhere.
func (p piece) parts() []string {
	var parts []string
	for _, joint := range strings.FieldsFunc(string(p), isJoint) {
		body := strings.TrimRight(joint, "+#")
		inner := strings.FieldsFunc(body, func(r rune) bool { return !isWordRune(r) })
		if len(inner) == 0 {
			continue
		}
		inner[len(inner)-1] += joint[len(body):]
		parts = append(parts, inner...)
	}
	return parts
}

func isJoint(r rune) bool { return r == '-' || r == '\'' }

func (p piece) joined() string {
	return strings.Map(func(r rune) rune {
		if !isWordRune(r) {
			return -1
		}
		return r
	}, string(p))
}

// partWords returns the tokens of a part: one, but for scripts that are written
// without blanks one for each character.
func partWords(part string) []string {
	var words []string
	start := 0
	for i, r := range part {
		if !isIdeograph(r) {
			continue
		}
		if start < i {
			words = append(words, token(part[start:i]))
		}
		end := i + len(string(r))
		words = append(words, token(part[i:end]))
		start = end
	}
	if start < len(part) {
		words = append(words, token(part[start:]))
	}
	return words
}

func isIdeograph(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
}

func isNumber(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// The markers that begin a token: of plain letters and digits, and of other
// scripts, whose characters are written as four digits each.
const (
	plainMarker   = "zz"
	encodedMarker = "zy"
	maxToken      = 80 // without marker; MariaDB ignores tokens of more than 84
)

// token returns the form of a folded word that the engines index. A beginning
// of the word gives a beginning of its token.
func token(word string) string {
	word = strings.ReplaceAll(strings.ReplaceAll(word, "+", "plus"), "#", "sharp")
	if strings.IndexFunc(word, func(r rune) bool { return r >= 0x80 }) < 0 {
		return plainMarker + word[:min(len(word), maxToken)]
	}
	var b strings.Builder
	b.WriteString(encodedMarker)
	for _, r := range word {
		if b.Len() > maxToken-2 {
			break
		}
		code := strconv.FormatInt(int64(r), 36)
		b.WriteString(strings.Repeat("0", 4-len(code)) + code)
	}
	return b.String()
}
