// Package isbn reads International Standard Book Numbers as people write them.
package isbn

import (
	"errors"
	"regexp"
	"strings"
	"unicode"

	"bookstore/shared/text"
)

// Why a text is not taken as an ISBN.
var (
	// ErrInvalid: it is no such number, by its length, prefix or signs.
	ErrInvalid = errors.New("not an ISBN")
	// ErrCheckDigit: its last digit does not fit the others, so one is mistyped.
	ErrCheckDigit = errors.New("not an ISBN: the check digit does not fit")
	// ErrMusic: it is an ISMN, the number of printed music.
	ErrMusic = errors.New("not an ISBN but an ISMN, of printed music")
)

// Parse reads an ISBN-13, ISBN-10 or SBN (nine digits, before 1970) and returns
// it as an ISBN-13 of thirteen digits. Hyphens, dashes and blanks may stand
// anywhere, a label such as "e-ISBN:" before and remarks in brackets behind. It
// returns ErrInvalid, ErrCheckDigit or ErrMusic.
func Parse(s string) (string, error) {
	n, err := read(s)
	return n.isbn13, err
}

// Recognize returns the ISBN that a text is which may be anything else as well,
// such as the words of a search. Nine digits are one only with a label or with
// the hyphens of an SBN: otherwise they are the beginning of a longer number.
func Recognize(s string) (isbn13 string, ok bool) {
	if strings.IndexFunc(s, unicode.IsDigit) < 0 {
		return "", false
	}
	n, err := read(s)
	return n.isbn13, err == nil && (!n.short || n.labelled || sbn.MatchString(n.text))
}

// To10 returns the ISBN-10 of an ISBN-13 made by Parse, or "" if it has none:
// only those that begin with 978 do.
func To10(isbn13 string) string {
	if len(isbn13) != 13 || !strings.HasPrefix(isbn13, "978") {
		return ""
	}
	body := isbn13[3:12]
	return body + strings.ToUpper(checkDigit10(body))
}

// number is a text that was read.
type number struct {
	isbn13   string
	text     string // without label and remarks, every dash as "-"
	labelled bool
	short    bool // it has nine digits
}

var (
	// label stands before a number: "ISBN", "e-ISBN (PDF): ", "EAN".
	label = regexp.MustCompile(`^[^0-9]*(?:sbn|ean)[^0-9]*`)
	// labelWithLength is a label that tells how many digits follow: "ISBN-13: ".
	labelWithLength = regexp.MustCompile(`^[^0-9]*(?:sbn|ean)[- ]*1[03][^0-9]+`)
	// remark stands behind a number: "(v. 2)", "[hardcover]".
	remark = regexp.MustCompile(`\s*[(\[][^()\[\]]*[)\]][\s:;,.]*$`)
	// ismn is the label or the old first letter of a number of printed music.
	ismn = regexp.MustCompile(`^(?:ismn\b|m[- ]?[0-9])`)
	// sbn is an SBN with its hyphens: publisher, title, check digit.
	sbn = regexp.MustCompile(`^[0-9]+[- ][0-9]+[- ][0-9x]$`)
)

func read(s string) (number, error) {
	s = strings.Map(dash, text.Fold(text.Line(s)))
	if ismn.MatchString(s) {
		return number{}, ErrMusic
	}
	for range 10 { // there are seldom two
		shorter := strings.TrimRight(remark.ReplaceAllString(s, ""), " :;,.")
		if shorter == "" || shorter == s {
			break
		}
		s = shorter
	}
	bare := label.ReplaceAllString(s, "")
	n, err := digits(bare)
	if err != nil {
		if without := labelWithLength.ReplaceAllString(s, ""); without != s {
			bare = without
			n, err = digits(bare)
		}
	}
	n.text, n.labelled = bare, bare != s
	return n, err
}

// dash returns "-" for what people and their programs write between the groups.
func dash(r rune) rune {
	if unicode.Is(unicode.Pd, r) || r == 'ー' || r == '⁃' || r == '_' || r == '~' {
		return '-'
	}
	return r
}

// digits reads the number that is left without label and remarks.
func digits(s string) (number, error) {
	s = strings.NewReplacer("-", "", " ", "", ".", "").Replace(s)
	body := strings.TrimSuffix(s, "x")
	switch {
	case !allDigits(body):
		return number{}, ErrInvalid
	case len(s) == 13 && body == s:
		return digits13(s)
	case len(s) == 10:
		return digits10(s)
	case len(s) == 9:
		n, err := digits10("0" + s) // the group of English was understood
		if err != nil {
			return number{}, ErrInvalid
		}
		n.short = true
		return n, nil
	}
	return number{}, ErrInvalid
}

func digits13(s string) (number, error) {
	switch {
	case strings.HasPrefix(s, "9790"):
		return number{}, ErrMusic
	case !strings.HasPrefix(s, "978") && !strings.HasPrefix(s, "979"):
		return number{}, ErrInvalid
	case checkDigit13(s[:12]) != s[12:]:
		return number{}, ErrCheckDigit
	}
	return number{isbn13: s}, nil
}

func digits10(s string) (number, error) {
	if checkDigit10(s[:9]) != s[9:] {
		return number{}, ErrCheckDigit
	}
	body := "978" + s[:9]
	return number{isbn13: body + checkDigit13(body)}, nil
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

// checkDigit10 weighs the nine digits from 10 down to 2; x stands for ten.
func checkDigit10(body string) string {
	sum := 0
	for i := range len(body) {
		sum += (10 - i) * int(body[i]-'0')
	}
	check := (11 - sum%11) % 11
	if check == 10 {
		return "x"
	}
	return string(rune('0' + check))
}

func allDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
