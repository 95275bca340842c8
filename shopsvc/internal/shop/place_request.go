package shop

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"bookstore/shared/apierr"
	"bookstore/shared/text"
)

// maxOrderTotal keeps every sum far from overflowing, in minor units.
const maxOrderTotal = 1_000_000_000_000

// Check returns an error that names every field of the address that is wrong, or
// nil.
func (a Address) Check() error {
	if _, wrong := a.tidy(); len(wrong) > 0 {
		return apierr.Invalid(wrong...)
	}
	return nil
}

// tidy checks everything about in that needs no database.
func (in *PlaceOrder) tidy() error {
	address, wrong := in.Address.tidy()
	in.Address = address
	if len(in.Lines) == 0 {
		wrong = append(wrong, apierr.FieldError{Field: "lines", Code: apierr.CodeRequired})
	}
	if len(in.Lines) > MaxCartLines {
		wrong = append(wrong, apierr.FieldError{Field: "lines", Code: apierr.CodeTooLong, Params: map[string]any{"max": MaxCartLines}})
	}
	seen := map[int64]bool{}
	for i, l := range in.Lines {
		field := fmt.Sprintf("lines[%d]", i)
		switch {
		case l.Quantity < 1 || l.Quantity > MaxQuantity:
			wrong = append(wrong, apierr.FieldError{Field: field + ".quantity", Code: apierr.CodeNotAllowed, Params: map[string]any{"min": 1, "max": MaxQuantity}})
		case seen[l.BookID]:
			wrong = append(wrong, apierr.FieldError{Field: field + ".book_id", Code: apierr.CodeDuplicate})
		}
		seen[l.BookID] = true
	}
	if wrong != nil {
		return apierr.Invalid(wrong...)
	}
	return nil
}

// hash returns a digest of what is asked for, the same for the same request.
func (in PlaceOrder) hash() string {
	text, err := json.Marshal(in)
	if err != nil {
		panic(err) // numbers and strings can be encoded
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// checkText returns a person's words tidied, or an error that names the field.
func checkText(words, field string, limit int) (string, error) {
	words = text.Line(words)
	if words == "" {
		return "", apierr.Field(field, apierr.CodeRequired)
	}
	if len([]rune(words)) > limit {
		return "", apierr.Field(field, apierr.CodeTooLong, "max", limit)
	}
	return words, nil
}
