package catalog

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// oneLine returns s in composed form on one line: without control characters,
// with single blanks, none around it.
func oneLine(s string) string {
	return strings.Join(strings.Fields(printable(s)), " ")
}

// manyLines returns s in composed form and without control characters other
// than line breaks, with no blanks around it.
func manyLines(s string) string {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.TrimSpace(printable(s))
}

// printable drops what can't be seen and could only deceive: control
// characters, and marks that turn the direction of the text around them.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t', r == '\r', r == '\u2028', r == '\u2029':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return norm.NFC.String(s)
}
