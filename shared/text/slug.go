package text

import (
	"strings"
	"unicode"
)

// Slug returns s as a part of an address: its folded words with hyphens in
// between, "" for a text without letters and digits. A slug is its own slug.
func Slug(s string) string {
	isGap := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) }
	return strings.Join(strings.FieldsFunc(Fold(s), isGap), "-")
}
