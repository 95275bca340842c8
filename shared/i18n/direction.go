package i18n

import (
	"strings"

	"golang.org/x/text/unicode/bidi"
)

// Isolate returns what a person wrote as it may stand beside other words. Letters
// that run from right to left would turn those round: text that has any is set
// apart by the characters that are for it, which can't be seen. The values of
// messages are isolated anyway, and in markup there is the element bdi.
func Isolate(text string) string {
	const first, end = "\u2068", "\u2069" // first strong isolate, pop directional isolate
	if !strings.ContainsFunc(text, runsLeft) {
		return text
	}
	return first + text + end
}

// isolated is Isolate for a value that goes into a message.
func isolated(value any) any {
	if text, ok := value.(string); ok {
		return Isolate(text)
	}
	return value
}

func runsLeft(r rune) bool {
	if r < 0x590 { // most text; Hebrew is the first
		return false
	}
	properties, _ := bidi.LookupRune(r)
	return properties.Class() == bidi.R || properties.Class() == bidi.AL
}
