package cover

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	zeroWidthNonJoiner = '\u200c'
	zeroWidthJoiner    = '\u200d'

	leading  = 1.14 // the distance of lines, in font sizes
	ellipsis = "…"
)

// face is a way of lettering. Which font the reader has is unknown, so widths
// are those of a wide one.
type face struct {
	family  string
	weight  int
	italic  bool
	caps    bool
	spacing float64 // added after each character, in font sizes
	stretch float64 // width compared with an upright serif of normal weight
}

const (
	serifFonts = "Iowan Old Style, Palatino Linotype, Palatino, Book Antiqua, Georgia, serif"
	sansFonts  = "Futura, Century Gothic, Avenir Next, Helvetica Neue, Arial, sans-serif"
)

var (
	roman     = face{family: serifFonts, weight: 400, stretch: 1}
	bold      = face{family: serifFonts, weight: 700, stretch: 1.12}
	italic    = face{family: serifFonts, weight: 400, italic: true, stretch: 1}
	capitals  = face{family: serifFonts, weight: 400, caps: true, spacing: 0.08, stretch: 1}
	grotesque = face{family: sansFonts, weight: 700, stretch: 1.12}
	signage   = face{family: sansFonts, weight: 600, caps: true, spacing: 0.12, stretch: 1.08}
)

// letters gives s as the face writes it.
func (f face) letters(s string) string {
	if f.caps {
		return strings.ToUpper(s)
	}
	return s
}

// measure estimates the width of s in font sizes.
func (f face) measure(s string) float64 {
	w := 0.0
	for _, r := range s {
		if !isJoined(r) {
			w += runeWidth(r)*f.stretch + f.spacing
		}
	}
	return w
}

// runeWidth is the width of a character of a wide serif font, in font sizes.
func runeWidth(r rune) float64 {
	switch {
	case r == ' ':
		return 0.32
	case strings.ContainsRune("iljtfI.,:;'’|!()[]-", r):
		return 0.41
	case strings.ContainsRune("mwMWQ@%&—…", r):
		return 1.02
	case isWide(r):
		return 1.06
	case unicode.IsUpper(r):
		return 0.78
	}
	return 0.63
}

// isJoined reports whether r belongs to the character before it.
func isJoined(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me) || r == zeroWidthJoiner || r == zeroWidthNonJoiner ||
		(r >= 0x1F3FB && r <= 0x1F3FF) // skin tones
}

// isWide reports whether r fills a square: a Chinese, Japanese or Korean
// character, a symbol, an emoji. Lines may break beside it.
func isWide(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.So) ||
		(r >= 0x3000 && r <= 0x303F) || (r >= 0xFF00 && r <= 0xFF60) || r >= 0x1F000
}

// block is text in lines, with the size at which each fits.
type block struct {
	lines []string
	size  float64
	face  face
}

func (b block) height() float64 {
	return float64(len(b.lines)) * b.size * leading
}

// fit sets text in a box of width × height: as large as it goes from the largest
// size down to the smallest. If even that is too large, long words are broken and
// the end gives way to an ellipsis.
func fit(text string, f face, width, height, largest, smallest float64) block {
	text = f.letters(text)
	if text == "" {
		return block{size: smallest, face: f}
	}
	for size := largest; size >= smallest; size *= 0.95 {
		lines, whole := wrap(text, f, width/size)
		if whole && float64(len(lines))*size*leading <= height {
			return block{lines: balance(lines, text, f, width/size), size: size, face: f}
		}
	}

	lines, _ := wrap(text, f, width/smallest)
	room := max(1, int(height/(smallest*leading)))
	if len(lines) > room {
		lines = lines[:room]
		lines[room-1] = shorten(lines[room-1], f, width/smallest)
	}
	return block{lines: lines, size: smallest, face: f}
}

// wrap breaks text into lines of at most width font sizes. It reports whether
// every word stayed whole.
func wrap(text string, f face, width float64) (lines []string, whole bool) {
	whole = true
	line := ""
	for _, word := range words(text) {
		if f.measure(strings.TrimRight(line+word, " ")) <= width {
			line += word
			continue
		}
		if line != "" {
			lines = append(lines, strings.TrimRight(line, " "))
		}
		for f.measure(strings.TrimRight(word, " ")) > width {
			head := prefix(word, f, width)
			lines = append(lines, head)
			word = word[len(head):]
			whole = false
		}
		line = word
	}
	if line = strings.TrimRight(line, " "); line != "" {
		lines = append(lines, line)
	}
	return lines, whole
}

// words parts text where a line may end: after spaces, and around wide
// characters. Joined together again they are the text.
func words(text string) []string {
	var parts []string
	start := 0
	runes := []rune(text)
	at := 0
	for i, r := range runes {
		at += utf8.RuneLen(r)
		if i+1 == len(runes) {
			break
		}
		next := runes[i+1]
		if isJoined(next) || r == zeroWidthJoiner || next == ' ' || unicode.IsPunct(next) {
			continue
		}
		if r == ' ' || isWide(r) || isWide(next) {
			parts = append(parts, text[start:at])
			start = at
		}
	}
	return append(parts, text[start:])
}

// prefix returns as much of word as fits, at least one character.
func prefix(word string, f face, width float64) string {
	end := 0
	for i, r := range word {
		next := i + utf8.RuneLen(r)
		if end > 0 && !isJoined(r) && f.measure(word[:next]) > width {
			break
		}
		end = next
	}
	return word[:end]
}

// shorten ends line with an ellipsis.
func shorten(line string, f face, width float64) string {
	runes := []rune(line)
	for len(runes) > 1 && f.measure(string(runes)+ellipsis) > width {
		runes = runes[:len(runes)-1]
	}
	return strings.TrimRight(string(runes), " ,.-") + ellipsis
}

// balance breaks text into as many lines as before, of the most even lengths.
func balance(lines []string, text string, f face, width float64) []string {
	for narrower := width * 0.96; narrower > width*0.5; narrower *= 0.96 {
		next, whole := wrap(text, f, narrower)
		if !whole || len(next) > len(lines) {
			break
		}
		lines = next
	}
	return lines
}
