package search

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold returns text in compatibility form, lower case and without accents, so
// that "Ænima", "ÆNIMA" and "aenima" are the same.
func fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToValidUTF8(text, " ")) {
		r = unicode.ToLower(r)
		switch plain, ok := undecomposed[r]; {
		case ok:
			b.WriteString(plain)
		case !unicode.IsMark(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// undecomposed are letters that Unicode does not split into a letter and an
// accent, though readers do without them on their keyboards.
var undecomposed = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th",
	'ł': "l", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'ĸ': "k", 'ŋ': "n", 'ς': "σ",
	'ʼ': "'", '’': "'", '‘': "'", 'ʻ': "'", '‐': "-", '‑': "-", '–': "-",
}

// SortKey returns what a title is sorted by: its folded words, cut to a length
// that an index can hold (characters). Both databases order it by code points.
func SortKey(title string) string {
	const maxLength = 150
	words := strings.FieldsFunc(fold(title), func(r rune) bool { return !isWordRune(r) })
	key := []rune(strings.Join(words, " "))
	return strings.TrimSpace(string(key[:min(len(key), maxLength)]))
}

func isWordRune(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
