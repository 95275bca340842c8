// Package search turns texts into the tokens under which they are found. The
// databases' full-text engines see tokens only, all of them plain ASCII
// letters and digits between three and 84 long and none of them a stopword, so
// that their own rules about words, accents, length and operators never apply
// and MySQL and SQLite find the same.
package search

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"bookstore/catalogsvc/internal/isbn"
	"bookstore/shared/text"

	"golang.org/x/text/unicode/norm"
)

// MaxWords is how many words of a query or a title count.
const MaxWords = 64

// maxIndexed bounds the tokens of one text in the index.
const maxIndexed = 2000

// Format numbers the tokens that this package makes of a text. Whatever is
// indexed under another number has to be indexed anew.
const Format = 2

// Words returns the tokens of a title, or of a text to compare with titles, in
// their order. "&" and the words for it are the same. A text without letters
// and digits has none.
func Words(title string) []string {
	var words []string
	for _, piece := range pieces(title) {
		if piece.isAnd() {
			words = append(words, and)
		} else {
			words = append(words, piece.words()...)
		}
	}
	return words[:min(len(words), MaxWords)]
}

// Query returns the tokens that a search for text must find, all of them; the
// last one may be the beginning of a longer one. Words for "and" need not be
// found if there are others, for in a title "&" may stand in their place, and
// neither need the label before an ISBN.
func Query(text string) []string {
	all := pieces(text)
	var words, ands []string
	for i, piece := range all {
		switch {
		case piece == ampersand:
		case piece.isAnd():
			ands = append(ands, piece.words()...)
		case isbnLabel.MatchString(string(piece)) && i+1 < len(all) && isNumber(all[i+1].joined()):
		default:
			words = append(words, piece.words()...)
		}
	}
	if len(words) == 0 {
		words = ands
	}
	return words[:min(len(words), MaxWords)]
}

// isbnLabel is a piece that announces a number.
var isbnLabel = regexp.MustCompile(`^(e-?)?isbn(-?1[03])?$`)

// Index returns the distinct tokens under which texts are to be found: those
// of Query and, for pieces such as "o'brien", "e-mail" or "c++", also the
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
			if piece == ampersand {
				continue
			}
			add(piece.words()...)
			add(piece.variants()...)
		}
	}
	return tokens
}

// ISBN returns the token of an ISBN-13 made by isbn.Parse.
func ISBN(isbn13 string) string { return token(isbn13) }

// Author returns the token of whoever has this name, or the slug of it; "" for a
// name without letters and digits. No search for words finds it.
func Author(name string) string {
	slug := text.Slug(name)
	if slug == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(slug))
	return authorMarker + hex.EncodeToString(sum[:8])
}

// A piece is a part of a folded text between blanks or signs: letters and
// digits, possibly joined by hyphens and apostrophes, possibly with plus or
// sharp signs at its end.
type piece string

// ampersand is the one piece without letters and digits.
const ampersand piece = "&"

// and is the token of "&" and of the words for it in titles.
var and = token("and")

func (p piece) isAnd() bool { return p == ampersand || text.IsAnd(string(p)) }

func pieces(s string) []piece {
	var all []piece
	for _, field := range strings.FieldsFunc(text.Fold(separators.Replace(text.Line(s))), isGap) {
		if field == string(ampersand) {
			all = append(all, ampersand)
			continue
		}
		field = strings.TrimLeft(field, "-'+#")
		field = strings.TrimRight(field, "-'")
		if strings.IndexFunc(field, isWordRune) >= 0 {
			all = append(all, piece(field))
		}
	}
	return all
}

// separators are signs that readers type otherwise: "&" as a word, and the
// non-joiner in Persian words, the only place where a line has one, as a blank
// or as nothing.
var separators = strings.NewReplacer("&", " & ", "＆", " & ", "﹠", " & ", "\u200c", "-")

func isGap(r rune) bool { return !isWordRune(r) && !strings.ContainsRune("-'+#&", r) }

// words returns the tokens of a piece as Words promises them. Numbers with
// hyphens are one word, for most of them are ISBNs, half typed perhaps.
func (p piece) words() []string {
	if isbn13, ok := isbn.Recognize(string(p)); ok {
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

func isHangul(r rune) bool { return unicode.Is(unicode.Hangul, r) }

func isNumber(s string) bool {
	return s != "" && strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}

// The markers that begin a token: of plain letters and digits, of other scripts,
// whose characters are written as four digits each, and of whole names of authors.
const (
	plainMarker   = "zz"
	encodedMarker = "zy"
	authorMarker  = "zx"
	maxToken      = 80 // without marker; MariaDB ignores tokens of more than 84
)

// token returns the form of a folded word that the engines index. A beginning
// of the word gives a beginning of its token.
func token(word string) string {
	if strings.IndexFunc(word, isHangul) >= 0 {
		word = norm.NFD.String(word) // into letters, so that a syllable half typed is a beginning
	}
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

// Plain returns the word of a token as it was folded, if that has nothing but
// plain letters and digits, and "" otherwise.
func Plain(token string) string {
	if word, ok := strings.CutPrefix(token, plainMarker); ok {
		return word
	}
	return ""
}
