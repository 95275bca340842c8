// Package jsontext appends values as JSON, the same as encoding/json writes them
// where HTML is not escaped, but without reflection.
package jsontext

import (
	"time"
	"unicode/utf8"
)

const hex = "0123456789abcdef"

// plain are the bytes that stand for themselves.
var plain = func() (plain [256]bool) {
	for c := range utf8.RuneSelf {
		plain[c] = c >= ' ' && c != '"' && c != '\\'
	}
	return plain
}()

// AppendString appends s, quoted. What is no UTF-8 becomes U+FFFD.
func AppendString(to []byte, s string) []byte {
	to = append(to, '"')
	done := 0
	for i := 0; i < len(s); {
		c := s[i]
		if plain[c] {
			i++
			continue
		}
		if c < utf8.RuneSelf {
			to = appendEscaped(append(to, s[done:i]...), c)
			i++
			done = i
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		switch {
		case r == utf8.RuneError && size == 1:
			to = append(append(to, s[done:i]...), `\ufffd`...)
			done = i + size
		case r == '\u2028' || r == '\u2029': // ends a line of JavaScript
			to = append(append(to, s[done:i]...), `\u202`...)
			to = append(to, hex[r&15])
			done = i + size
		}
		i += size
	}
	return append(append(to, s[done:]...), '"')
}

func appendEscaped(to []byte, c byte) []byte {
	switch c {
	case '"', '\\':
		return append(to, '\\', c)
	case '\b':
		return append(to, '\\', 'b')
	case '\f':
		return append(to, '\\', 'f')
	case '\n':
		return append(to, '\\', 'n')
	case '\r':
		return append(to, '\\', 'r')
	case '\t':
		return append(to, '\\', 't')
	}
	return append(to, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

// AppendStrings appends a list of strings, or null for nil.
func AppendStrings(to []byte, list []string) []byte {
	if list == nil {
		return append(to, "null"...)
	}
	to = append(to, '[')
	for i, s := range list {
		if i > 0 {
			to = append(to, ',')
		}
		to = AppendString(to, s)
	}
	return append(to, ']')
}

// AppendTime appends an instant (RFC 3339), quoted. Its year is of four digits.
func AppendTime(to []byte, t time.Time) []byte {
	to = append(to, '"')
	to = t.AppendFormat(to, time.RFC3339Nano)
	return append(to, '"')
}
