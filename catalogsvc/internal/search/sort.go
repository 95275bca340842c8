package search

import (
	"strings"
	"unicode"

	"bookstore/shared/text"
)

// SortKey returns what a title is sorted by: its folded words, cut to a length
// that an index can hold (characters). Both databases order it by code points.
func SortKey(title string) string {
	const maxLength = 150
	words := strings.FieldsFunc(text.Fold(title), func(r rune) bool { return !isWordRune(r) })
	key := []rune(strings.Join(words, " "))
	return strings.TrimSpace(string(key[:min(len(key), maxLength)]))
}

// isWordRune reports whether r is part of a word. The marks that folding leaves
// are: vowel signs, for instance.
func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) }
