// Package isbn reads International Standard Book Numbers as people write them.
package isbn

import (
	"errors"
	"strings"
)

// ErrInvalid says that a text is no ISBN: it has the wrong length or prefix,
// or its check digit does not fit the others.
var ErrInvalid = errors.New("not an ISBN")

// Parse reads an ISBN-10 or ISBN-13, with or without hyphens and blanks, and
// returns it as an ISBN-13 of thirteen digits. It returns ErrInvalid for
// anything else.
func Parse(text string) (string, error) {
	digits := strings.ToUpper(strings.Map(withoutMarks, text))
	switch {
	case len(digits) == 13 && isISBN13(digits):
		return digits, nil
	case len(digits) == 10 && isISBN10(digits):
		body := "978" + digits[:9]
		return body + checkDigit13(body), nil
	}
	return "", ErrInvalid
}

// To10 returns the ISBN-10 of an ISBN-13 made by Parse, or "" if it has none:
// only those that begin with 978 do.
func To10(isbn13 string) string {
	if len(isbn13) != 13 || !strings.HasPrefix(isbn13, "978") {
		return ""
	}
	body := isbn13[3:12]
	return body + checkDigit10(body)
}

// withoutMarks drops the hyphens, dashes and blanks between the groups.
func withoutMarks(r rune) rune {
	switch r {
	case ' ', '\u00a0', '-', '\u2010', '\u2011', '\u2012', '\u2013', '\u2212':
		return -1
	}
	return r
}

func isISBN13(s string) bool {
	known := strings.HasPrefix(s, "978") || strings.HasPrefix(s, "979")
	return known && allDigits(s) && checkDigit13(s[:12]) == s[12:]
}

func isISBN10(s string) bool {
	return allDigits(s[:9]) && checkDigit10(s[:9]) == s[9:]
}

// checkDigit13 weighs the twelve digits with 1 and 3 in turn.
func checkDigit13(body string) string {
	sum := 0
	for i := range len(body) {
		weight := 1 + i%2*2
		sum += weight * int(body[i]-'0')
	}
	return string(rune('0' + (10-sum%10)%10))
}

// checkDigit10 weighs the nine digits from 10 down to 2; X stands for ten.
func checkDigit10(body string) string {
	sum := 0
	for i := range len(body) {
		sum += (10 - i) * int(body[i]-'0')
	}
	check := (11 - sum%11) % 11
	if check == 10 {
		return "X"
	}
	return string(rune('0' + check))
}

func allDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
