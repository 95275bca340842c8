package address

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"bookstore/shared/apierr"
	"bookstore/shared/text"
)

// Codes of what is wrong with a field, or may be.
const (
	CodeRequired  = apierr.CodeRequired
	CodeBadFormat = apierr.CodeBadFormat // it can be none
	CodeUnusual   = "unusual"            // it looks wrong, and may be right
)

// Problem is what is wrong with a field of an address, or may be.
type Problem struct {
	Field string // as in the API, such as "postal_code"
	Code  string
}

// Check returns what an address can't be right with: what its country requires
// and it lacks, a postal code or a phone number that can be none.
func (a Address) Check() (wrong []Problem) {
	c := Of(a.Country)
	for _, f := range []struct {
		field Field
		value string
	}{{Name, a.Name}, {Street, a.Line1}, {City, a.City}, {RegionField, a.Region}, {PostalCode, a.PostalCode}} {
		if f.value == "" && c.Requires(f.field) {
			wrong = append(wrong, Problem{string(f.field), CodeRequired})
		}
	}
	if a.PostalCode != "" && !canBePostalCode(a.PostalCode) {
		wrong = append(wrong, Problem{string(PostalCode), CodeBadFormat})
	}
	if a.Phone != "" && !canBePhone(a.Phone) {
		wrong = append(wrong, Problem{"phone", CodeBadFormat})
	}
	return wrong
}

// Doubts returns what looks wrong with an address that Check has nothing
// against: a postal code of another form than its country's, a region that is
// none of its. The data may be older than the address, so whoever wrote it has
// the last word.
func (a Address) Doubts() (unusual []Problem) {
	c := Of(a.Country)
	if _, usual := c.usualPostalCode(a.PostalCode); a.PostalCode != "" && c.postalCode != nil && !usual {
		unusual = append(unusual, Problem{string(PostalCode), CodeUnusual})
	}
	if _, known := c.region(a.Region); a.Region != "" && len(c.Regions) > 0 && !known {
		unusual = append(unusual, Problem{string(RegionField), CodeUnusual})
	}
	return unusual
}

// Tidy returns the address as its country's post writes it: a region's name
// becomes its code where parcels carry codes, a postal code loses what only
// some people put before it.
func (a Address) Tidy() Address {
	c := Of(a.Country)
	if r, known := c.region(a.Region); known && a.Region != "" && c.printsCodes {
		a.Region = r.Code
	}
	if code, usual := c.usualPostalCode(a.PostalCode); usual {
		a.PostalCode = code
	}
	return a
}

// usualPostalCode returns a code as the country writes it, if it is of the
// country's form: with the digits 0 to 9, in capitals, and without the country's
// own letters, as in "D-10115".
func (c Country) usualPostalCode(typed string) (code string, usual bool) {
	if c.postalCode == nil {
		return typed, false
	}
	code = strings.ToUpper(plain(typed))
	if c.postalCode.MatchString(code) {
		return code, true
	}
	code = countryLetters.ReplaceAllString(code, "")
	return code, c.postalCode.MatchString(code)
}

var countryLetters = regexp.MustCompile(`^[A-Z]{1,3}[- ]`)

// plain returns a postal code with the digits 0 to 9 and single blanks.
func plain(code string) string {
	code = strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			digit, _ := utf8.DecodeRuneInString(text.Fold(string(r)))
			return digit
		}
		return r
	}, code)
	return strings.Join(strings.Fields(code), " ")
}

// canBePostalCode reports whether a code consists of letters and digits, with
// blanks, hyphens and the like between them.
func canBePostalCode(code string) bool {
	return strings.ContainsFunc(code, isAlphanumeric) && !strings.ContainsFunc(code, func(r rune) bool {
		return !isAlphanumeric(r) && !strings.ContainsRune(" -\u2010\u2013.〒/", r)
	})
}

func isAlphanumeric(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// The digits of phone numbers: emergency calls have three, the plan of the
// world's telephones leaves room for fifteen, and some offices add extensions.
const (
	minPhoneDigits = 4
	maxPhoneDigits = 20
)

// canBePhone reports whether a text is digits, with the signs that people put
// between them, and perhaps an extension.
func canBePhone(phone string) bool {
	folded := text.Fold(phone)
	for _, extension := range []string{"ext", "x", "int"} {
		folded = strings.Replace(folded, extension, "", 1)
	}
	digits := 0
	for _, r := range folded {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case !strings.ContainsRune(" +-\u2010\u2011\u2012\u2013\u2212()./#*\u00a0", r):
			return false
		}
	}
	return digits >= minPhoneDigits && digits <= maxPhoneDigits
}
