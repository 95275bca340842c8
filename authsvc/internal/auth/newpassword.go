package auth

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"bookstore/authsvc/internal/commonest"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/text"

	"golang.org/x/text/unicode/norm"
)

// The length of a new password, in characters: code points in NFC.
const (
	MinPassword = authapi.MinPassword
	MaxPassword = authapi.MaxPassword
)

// CheckPassword returns an error on field if the owner may not choose password
// (NIST SP 800-63B-4, 3.1.1.2): it is too short or too long, one of the commonest,
// or little else than the names of the shop and the owner. Of what characters it
// is made, nobody prescribes.
func CheckPassword(field, password string, owner User) error {
	password = norm.NFC.String(password)
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return apierr.Field(field, apierr.CodeTooShort, "min", MinPassword)
	case n > MaxPassword:
		return apierr.Field(field, apierr.CodeTooLong, "max", MaxPassword)
	case text.EmailKey(password) == text.EmailKey(owner.Email):
		return apierr.Field(field, authapi.CodePasswordIsEmail)
	case commonest.Has(password):
		return apierr.Field(field, authapi.CodePasswordCommon)
	case isMadeOf(password, namesAround(owner)):
		return apierr.Field(field, authapi.CodePasswordIsName)
	}
	return nil
}

const (
	shopName = "bookstore"
	// minName is how long a name is that is looked for: shorter ones are part of
	// many words.
	minName = 3
	// A password is made of names if it has fewer letters beside them, and fewer
	// digits: a date is no secret.
	lettersBeside = 4
	digitsBeside  = 9
)

// namesAround returns the words that whoever guesses an account's password tries,
// folded, the longest first.
func namesAround(owner User) []string {
	said := strings.Join([]string{shopName, owner.Name, owner.SellerName, owner.Email}, " ")
	words := strings.FieldsFunc(text.Fold(said), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.Nd) })
	words = slices.DeleteFunc(words, func(w string) bool { return utf8.RuneCountInString(w) < minName })
	slices.SortFunc(words, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	return words
}

// isMadeOf reports whether password has names in it and little else.
func isMadeOf(password string, names []string) bool {
	folded := text.Fold(password)
	rest := folded
	for _, name := range names {
		rest = strings.ReplaceAll(rest, name, " ")
	}
	letters, digits := 0, 0
	for _, r := range rest {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	return rest != folded && letters < lettersBeside && digits < digitsBeside
}
