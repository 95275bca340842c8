package text

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NameKeys returns what a name has in common with others that readers would
// take for it: two names are the same to them if they have one of the two keys
// in common. Blanks and punctuation count in neither, and "&" is "and".
//
// sound is what is read: the letters without case, accents and width. look is
// what is seen: letters of any script by the Latin ones that they look like, so
// that "Lantern" is the same with a Cyrillic "е" and with a capital "I" in
// front. Two keys are needed because a script of two cases has two looks.
func NameKeys(name string) (sound, look string) {
	words := nameWords(withoutInvisible(Line(name)))
	sound = strings.Join(mapEach(words, Fold), "")
	look = strings.Join(mapEach(words, lookOf), "")
	if sound == "" { // signs alone: they are the name
		sound = Line(name)
		look = sound
	}
	return cut(sound, MaxNameKey), cut(look, MaxNameKey)
}

// MaxNameKey is how many characters a key of a name has at most.
const MaxNameKey = 200

// cut returns the first n characters of s.
func cut(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(len(runes), n)])
}

// nameWords splits a name at what is no letter, digit or mark, and writes
// "&" and the words for it in one way.
func nameWords(name string) []string {
	words := strings.FieldsFunc(ampersands.Replace(name), func(r rune) bool {
		return !unicode.In(r, unicode.L, unicode.N, unicode.M, unicode.So)
	})
	for i, word := range words {
		if IsAnd(Fold(word)) && i > 0 && i < len(words)-1 {
			words[i] = "and"
		}
	}
	return words
}

var ampersands = strings.NewReplacer("&", " and ", "＆", " and ", "﹠", " and ", "⅋", " and ", "+", " and ", "＋", " and ")

// IsAnd reports whether a folded word is "and" in a language of the shop's
// books: people write "&" for it, and it for "&".
func IsAnd(word string) bool {
	switch word {
	case "and", "y", "e", "und", "et":
		return true
	}
	return false
}

// lookOf returns a word as what its letters look like.
func lookOf(word string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(word) {
		look, ok := looks()[r]
		if !ok {
			look, ok = looks()[unicode.ToUpper(r)]
		}
		if !ok {
			look = string(r)
		}
		b.WriteString(look)
	}
	return sameLooks.Replace(Fold(b.String()))
}

// sameLooks joins what looks the same in one of its cases.
var sameLooks = strings.NewReplacer("i", "l", "1", "l", "0", "o", "m", "rn")

//go:embed confusables.txt
var confusables string

// looks are letters and digits by the Latin ones that they look like.
var looks = sync.OnceValue(func() map[rune]string {
	table := map[rune]string{}
	for line := range strings.Lines(confusables) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		code, look, ok := strings.Cut(strings.TrimSpace(line), " ")
		r, err := strconv.ParseUint(code, 16, 32)
		if !ok || err != nil {
			panic(fmt.Sprintf("confusables.txt: %q is no code point and look", line))
		}
		table[rune(r)] = look
	}
	return table
})

func mapEach(words []string, change func(string) string) []string {
	changed := make([]string, len(words))
	for i, word := range words {
		changed[i] = change(word)
	}
	return changed
}
