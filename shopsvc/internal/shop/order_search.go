package shop

import (
	"regexp"
	"slices"
	"strings"

	"bookstore/shared/text"
)

// OrderSearch is what an admin looks for among all orders: those that any of its
// parts finds. The zero value finds nothing.
type OrderSearch struct {
	IDs     []string
	Numbers []string // patterns, in which NumberWildcard stands for any character
	Email   string   // of the buyer; "" for none
	Buyers  []int64  // whose address that is
}

// NumberWildcard stands in OrderSearch.Numbers for any one character.
const NumberWildcard = '_'

const (
	numberGroup  = 4 // characters on each side of a number's dash
	numberLength = 2 * numberGroup
	minPart      = 3  // characters of a part of a number that is looked for
	maxChunks    = 12 // of a text that are looked at
)

var orderID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)

// readOrderSearch returns what a typed text looks for: an id or an e-mail address
// anywhere in it, else an order's number as people write and spell it, else parts
// of one. It returns nil for a blank text.
func readOrderSearch(typed string) *OrderSearch {
	typed = text.Line(typed)
	if typed == "" {
		return nil
	}
	if ids := orderID.FindAllString(strings.ToLower(typed), maxChunks); ids != nil {
		return &OrderSearch{IDs: ids}
	}
	if email := emailIn(typed); email != "" {
		return &OrderSearch{Email: email}
	}
	chunks := numberChunks(typed)
	if whole := joined(chunks, numberLength, numberLength); len(whole) > 0 {
		return &OrderSearch{Numbers: patterns(whole)}
	}
	parts := joined(chunks, minPart, numberLength-1)
	if slices.ContainsFunc(parts, hasDigit) { // the others are words around it
		parts = slices.DeleteFunc(parts, func(part string) bool { return !hasDigit(part) })
	}
	return &OrderSearch{Numbers: patterns(parts)}
}

// emailIn returns the first e-mail address in a text, or "".
func emailIn(typed string) string {
	words := strings.FieldsFunc(strings.ReplaceAll(typed, "mailto:", " "), func(r rune) bool {
		return strings.ContainsRune(" <>()[]\"',;:?", r)
	})
	for _, word := range words {
		if email, err := text.Email(strings.Trim(word, ".")); err == nil {
			return email
		}
	}
	return ""
}

// spokenDashes are the words for the dash in a number that is read aloud.
var spokenDashes = []string{"DASH", "HYPHEN", "MINUS", "GUION", "MENOS"}

// unlike are characters that no number has, so that they were read for another.
var unlike = strings.NewReplacer("0", "_", "O", "_", "1", "_", "I", "_")

// numberChunks returns the runs of letters and digits in a text as numbers have
// them.
func numberChunks(typed string) []string {
	chunks := strings.FieldsFunc(strings.ToUpper(text.Fold(typed)), func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z')
	})
	chunks = slices.DeleteFunc(chunks, func(chunk string) bool { return slices.Contains(spokenDashes, chunk) })
	chunks = chunks[:min(len(chunks), maxChunks)]
	for i, chunk := range chunks {
		chunks[i] = unlike.Replace(chunk)
	}
	return chunks
}

// joined returns the neighbors among chunks that together have at least and at
// most so many characters: one alone, or several that were written apart.
func joined(chunks []string, least, most int) []string {
	var found []string
	for i := range chunks {
		together := ""
		for _, chunk := range chunks[i:] {
			if together += chunk; len(together) > most {
				break
			}
			if len(together) >= least {
				found = append(found, together)
			}
		}
	}
	return found
}

// patterns returns the patterns of the numbers that have one of parts anywhere.
func patterns(parts []string) []string {
	var all []string
	for _, part := range parts {
		for before := range numberLength - len(part) + 1 {
			after := numberLength - len(part) - before
			number := strings.Repeat("_", before) + part + strings.Repeat("_", after)
			all = append(all, number[:numberGroup]+"-"+number[numberGroup:])
		}
	}
	return all
}

// hasDigit reports whether a part has a digit that numbers have.
func hasDigit(part string) bool { return strings.ContainsAny(part, "23456789") }
