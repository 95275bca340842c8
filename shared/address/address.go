// Package address knows how addresses are written in each country: which fields
// they have, which of them they need, in which order they are printed, and what
// can be no postal code or phone number.
package address

import (
	"strings"
	"unicode"
)

// Address is where a parcel is delivered to.
type Address struct {
	Name       string
	Line1      string
	Line2      string
	City       string
	Region     string
	PostalCode string
	Country    string // ISO 3166-1 alpha-2
	Phone      string
}

// Field is a part of an address, by its name in forms and in the API.
type Field string

// The fields whose place, name or need depends on the country. Street stands
// for both lines.
const (
	Name        Field = "name"
	Street      Field = "line1"
	City        Field = "city"
	RegionField Field = "region"
	PostalCode  Field = "postal_code"
)

// Lines returns the address as it is printed on a parcel in its country, without
// the country's name and the phone number. Nothing that it says is left out: what
// addresses of the country do not have stands at the end.
func (a Address) Lines() []string {
	c := Of(a.Country)
	format := c.format
	if c.latin != "" && a.isLatin() {
		format = c.latin
	}
	var lines []string
	printed := map[byte]bool{}
	for _, line := range strings.Split(format, "%n") {
		lines = append(lines, a.print(line, printed)...)
	}
	if rest := a.notPrinted(printed); rest != "" {
		lines = append(lines, rest)
	}
	return lines
}

// print writes one line of a format. What stands before a field goes with it;
// between two fields of which one is empty, it is left out.
func (a Address) print(line string, printed map[byte]bool) []string {
	var out strings.Builder
	var extra []string
	for at, first := 0, true; ; first = false {
		field := strings.IndexByte(line[at:], '%')
		if field < 0 || at+field+1 >= len(line) {
			if out.Len() > 0 || first {
				out.WriteString(line[at:])
			}
			break
		}
		before, letter := line[at:at+field], line[at+field+1]
		at += field + 2
		value := a.value(letter)
		if value == "" {
			continue
		}
		printed[letter] = true
		if first || out.Len() > 0 {
			out.WriteString(before)
		}
		out.WriteString(value)
		if letter == 'A' && a.Line2 != "" {
			extra = append(extra, a.Line2)
		}
	}
	if out.Len() == 0 {
		return nil
	}
	return append([]string{strings.TrimSpace(out.String())}, extra...)
}

func (a Address) value(letter byte) string {
	switch letter {
	case 'N':
		return a.Name
	case 'A':
		return a.Line1
	case 'C':
		return a.City
	case 'S':
		return a.Region
	case 'Z':
		return a.PostalCode
	}
	return "" // an organisation and the like, which the shop does not ask for
}

func (a Address) notPrinted(printed map[byte]bool) string {
	var rest []string
	for _, letter := range []byte("NAZCS") {
		if value := a.value(letter); value != "" && !printed[letter] {
			rest = append(rest, value)
		}
	}
	return strings.Join(rest, " ")
}

// isLatin reports whether an address is written in Latin letters.
func (a Address) isLatin() bool {
	return !strings.ContainsFunc(a.Name+a.Line1+a.Line2+a.City+a.Region, func(r rune) bool {
		return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r)
	})
}
