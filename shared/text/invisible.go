package text

import (
	"slices"
	"unicode"
)

const (
	zwnj = '\u200c' // ZERO WIDTH NON-JOINER
	zwj  = '\u200d' // ZERO WIDTH JOINER

	emojiLook = '\ufe0f'     // VARIATION SELECTOR-16
	blackFlag = '\U0001f3f4' // begins the flags of regions, which go on in tags
	tagStart  = '\U000e0020'
	tagEnd    = '\U000e007f'
)

// isInvisible reports whether r shows nothing by itself: control and format
// characters, fillers, variation selectors and what Unicode wants ignored
// where a program does not know it, with what stands for an object or a note
// that was lost on the way.
func isInvisible(r rune) bool {
	switch {
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r), r >= 0x13430 && r <= 0x1345f:
		return false // signs around Arabic numbers and in hieroglyphs, which are seen
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector,
		unicode.Other_Default_Ignorable_Code_Point, unicode.Noncharacter_Code_Point):
		return true
	}
	return r == '\ufffc' || r >= 0xe0000 && r <= 0xe0fff
}

// isNeeded reports whether writing needs the invisible r between the kept text
// before and the text after it.
func isNeeded(before []rune, r rune, after []rune) bool {
	if len(before) == 0 {
		return false
	}
	last := before[len(before)-1]
	next := rune(0)
	if len(after) > 0 {
		next = after[0]
	}
	switch {
	case r == zwnj:
		return isJoining(last) && isJoining(next)
	case r == zwj:
		// At the end of a word it gives Arabic letters the form of a beginning
		// and Malayalam consonants their final form.
		return isJoining(last) || isEmojiPart(last) && isEmoji(next)
	case r >= tagStart && r <= tagEnd:
		return last == blackFlag || last >= tagStart && last < tagEnd
	case r == '\u180e' || r >= '\u180b' && r <= '\u180f' && unicode.Is(unicode.Variation_Selector, r):
		return unicode.Is(unicode.Mongolian, last) && unicode.IsLetter(last)
	case unicode.Is(unicode.Variation_Selector, r):
		return takesVariants(last)
	}
	return false
}

// takesVariants reports whether a variation selector may follow r: signs and
// the letters of scripts that have variants, never those of Latin, Greek or
// Cyrillic, which have none.
func takesVariants(r rune) bool {
	if isInvisible(r) || unicode.IsSpace(r) || unicode.IsMark(r) {
		return false
	}
	return !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic)
}

// isJoining reports whether r belongs to a script whose letters join or stack,
// so that joiners between them change what is read.
func isJoining(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsMark(r)) && unicode.In(r, joiningScripts...)
}

var joiningScripts = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Nko, unicode.Mongolian, unicode.Adlam,
	unicode.Devanagari, unicode.Bengali, unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil,
	unicode.Telugu, unicode.Kannada, unicode.Malayalam, unicode.Sinhala, unicode.Myanmar, unicode.Khmer,
	unicode.Balinese, unicode.Javanese,
}

// isEmoji reports whether r can be a part of an emoji that joiners make of several.
func isEmoji(r rune) bool { return unicode.Is(unicode.So, r) || r == '↔' || r == '↕' }

// isEmojiPart reports whether r can end a part of such an emoji: the part
// itself, its colour of skin or the selector of its look.
func isEmojiPart(r rune) bool {
	return isEmoji(r) || r == emojiLook || r >= '\U0001f3fb' && r <= '\U0001f3ff'
}

// withoutInvisible returns s without any invisible character, needed or not,
// as texts are compared.
func withoutInvisible(s string) string {
	return string(slices.DeleteFunc([]rune(s), func(r rune) bool { return isInvisible(r) && !isBlank(r) }))
}
