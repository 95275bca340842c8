// Package text is the one door for what people write: it tidies texts before
// they are kept, and compares addresses and names.
package text

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxMarks is how many combining marks one letter keeps. The most that
// languages need are half of it; more would run over the lines around.
const maxMarks = 8

// Line returns s as it is kept where one line is wanted: in composed form
// (NFC), without characters that can't be seen or that turn the direction of
// the text around them, with single blanks and none around it. A text in which
// nothing can be seen becomes "". Line of a line is the same line.
//
// Of what can't be seen it keeps what writing needs: joiners in Arabic and
// Indic words and in emoji, variation selectors, the tags of flags.
func Line(s string) string {
	if isPlain(s) {
		return strings.Join(strings.Fields(s), " ")
	}
	return strings.Join(strings.Fields(visible(s)), " ")
}

// isPlain reports whether s has nothing but the signs of ASCII and blanks.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// Lines is Line for texts of several lines: it does with each line what Line
// does, ends lines by "\n" and leaves at most one blank line between two.
func Lines(s string) string {
	var b strings.Builder
	blank := 0
	for line := range strings.SplitSeq(lineEnds.Replace(s), "\n") {
		if line = Line(line); line == "" {
			blank++
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n\n"[:min(blank+1, 2)])
		}
		b.WriteString(line)
		blank = 0
	}
	return b.String()
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\v", "\n", "\f", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n")

// visible returns s in composed form with blanks in place of all white space,
// and without what Line leaves out.
func visible(s string) string {
	in := []rune(norm.NFC.String(strings.ToValidUTF8(s, "")))
	out := make([]rune, 0, len(in))
	marks, seen := 0, false
	for i, r := range in {
		if isBlank(r) {
			r = ' '
			if len(out) == 0 {
				continue
			}
		}
		mark := unicode.IsMark(r)
		if mark {
			marks++
		} else {
			marks = 0
		}
		switch {
		case isInvisible(r) && !isNeeded(out, r, in[i+1:]):
			continue
		case mark && (len(out) == 0 || marks > maxMarks): // nothing to stand on
			continue
		}
		seen = seen || r != ' ' && !mark && !isInvisible(r)
		out = append(out, r)
	}
	if !seen {
		return ""
	}
	return norm.NFC.String(string(out))
}

// isBlank reports whether r is white space, the Braille pattern without dots
// among it.
func isBlank(r rune) bool { return unicode.IsSpace(r) || r == '\u2800' }
