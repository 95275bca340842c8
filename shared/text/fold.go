package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold returns what readers take to be the same text as s, for searches and
// comparisons: in lower case, without characters that can't be seen, with one
// form of each letter, whatever its width, and digits of any script as 0 to 9.
//
// Marks go where readers do without them: the accents of Latin, Greek and
// Cyrillic letters, the points of Arabic, Syriac and Hebrew ones, the tatweel.
// Elsewhere they are letters of their own and stay: the voicing marks of kana,
// the vowel signs of Indic scripts and Thai. Letters that an Arabic and a
// Persian keyboard type differently become one.
func Fold(s string) string {
	if isPlain(s) { // most of a catalog
		return strings.ReplaceAll(strings.ToLower(s), "`", "'")
	}
	var b strings.Builder
	base := rune(' ') // the last that is no mark
	for _, r := range norm.NFKD.String(spacingAccents.Replace(withoutInvisible(strings.ToValidUTF8(s, " ")))) {
		if unicode.IsMark(r) {
			if keepsMarks(base) {
				b.WriteRune(r)
			}
			continue
		}
		base = r
		r = unicode.ToLower(r)
		switch plain, ok := plainLetters[r]; {
		case ok:
			b.WriteString(plain)
		case unicode.IsDigit(r):
			b.WriteByte('0' + digit(r))
		default:
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// spacingAccents are signs that people type for an apostrophe, and that
// decomposition would tear off into a blank and an accent.
var spacingAccents = strings.NewReplacer("´", "'", "΄", "'", "᾽", "'", "᾿", "'", "῾", "'")

// keepsMarks reports whether marks on r are more than accents and points.
func keepsMarks(r rune) bool {
	return unicode.IsLetter(r) && !unicode.In(r, unicode.Latin, unicode.Greek, unicode.Coptic, unicode.Cyrillic,
		unicode.Glagolitic, unicode.Arabic, unicode.Hebrew, unicode.Syriac) && r != tatweel
}

const tatweel = '\u0640'

// digit returns the value of a decimal digit: each script has its ten in a row.
func digit(r rune) byte {
	if r < utf8.RuneSelf {
		return byte(r - '0')
	}
	for _, t := range unicode.Nd.R16 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	for _, t := range unicode.Nd.R32 {
		if rune(t.Lo) <= r && r <= rune(t.Hi) {
			return byte((r - rune(t.Lo)) % 10)
		}
	}
	return 0
}

// plainLetters are letters and signs that Unicode does not decompose, in lower
// case, with what readers type for them.
var plainLetters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'þ': "th",
	'ł': "l", 'ħ': "h", 'ŧ': "t", 'ı': "i", 'ĸ': "k", 'ŋ': "n", 'ς': "σ",
	'ɓ': "b", 'ɗ': "d", 'ƙ': "k", 'ƴ': "y", // Hausa
	'ґ': "г", // Ukrainian, beside г on no keyboard of its neighbours

	'’': "'", '‘': "'", '‛': "'", '`': "'", 'ʹ': "'", 'ʻ': "'", 'ʼ': "'", 'ʽ': "'", 'ʾ': "'", 'ʿ': "'", 'ˈ': "'", '׳': "'",
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '−': "-", '־': "-", '·': "-", '‧': "-",

	tatweel: "",
	'ی':     "ي", 'ى': "ي", 'ې': "ي", 'ۍ': "ي", // yeh: Persian, without dots, Pashto
	'ک': "ك", 'ڪ': "ك", // kaf: Persian, Sindhi
	'ہ': "ه", 'ھ': "ه", 'ە': "ه", // heh: Urdu, Uyghur
}
