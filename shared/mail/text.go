package mail

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"bookstore/shared/text"
)

// lineWidth is how many characters a line of a mail has at most, so that it
// fits where mails are read, and still does when it is quoted.
const lineWidth = 72

// Join returns the text of a mail: its paragraphs, those that say something,
// with an empty line in between and no line wider than readers expect. The
// lines of a paragraph stay apart; what does not fit goes on in the next line,
// indented as its beginning. Words and addresses are never broken.
func Join(paragraphs ...string) string {
	var parts []string
	for _, p := range paragraphs {
		if strings.TrimSpace(p) == "" {
			continue
		}
		var lines []string
		for line := range strings.SplitSeq(strings.Trim(p, "\n"), "\n") {
			lines = append(lines, wrap(line))
		}
		parts = append(parts, strings.Join(lines, "\n"))
	}
	return strings.Join(parts, "\n\n") + "\n"
}

// Quote returns what a person wrote, marked as such.
func Quote(note string) string {
	if note = text.Line(note); note == "" {
		return ""
	}
	var quoted []string
	for line := range strings.SplitSeq(wrap(note), "\n") {
		quoted = append(quoted, "> "+line)
	}
	return strings.Join(quoted, "\n")
}

func wrap(line string) string {
	indent := line[:len(line)-len(strings.TrimLeft(line, " "))]
	var b strings.Builder
	width := 0
	for i, word := range words(line) {
		length := utf8.RuneCountInString(word)
		switch {
		case i == 0:
			b.WriteString(indent)
			width = len(indent)
		case width+1+length > lineWidth:
			b.WriteString("\n" + indent)
			width = len(indent)
		default:
			b.WriteString(" ")
			width++
		}
		b.WriteString(word)
		width += length
	}
	return b.String()
}

// words returns what stands between the spaces of line at which it may end.
func words(line string) []string {
	return strings.FieldsFunc(line, func(r rune) bool {
		return unicode.IsSpace(r) && r != '\u00a0' && r != '\u2007' && r != '\u202f'
	})
}
