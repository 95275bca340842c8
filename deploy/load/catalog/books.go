package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"unicode"
	"unicode/utf8"

	"bookstore/shared/catalogapi"
)

// maker makes up books: the same ones, in the same order, for the same seed.
// Some words are in every second title, most in a few; authors write several
// books, and editions are offered by several sellers.
type maker struct {
	*rand.Rand
	nouns, surnames, authors *rand.Zipf
}

func newMaker(seed uint64) *maker {
	dice := rand.New(rand.NewPCG(seed, seed))
	return &maker{
		Rand:     dice,
		nouns:    rand.NewZipf(dice, 1.1, 20, 150_000),
		surnames: rand.NewZipf(dice, 1.05, 50, 80_000),
		authors:  rand.NewZipf(dice, 1.1, 100, 400_000),
	}
}

var (
	nouns = strings.Fields(`love house night life death time world city sea river garden light shadow fire water stone road king queen
		war peace winter summer spring daughter son mother father sister brother letter book story history art music science
		island mountain forest storm star moon sun sky heart mind soul body blood bone glass silver gold iron paper bridge
		door window room kitchen tower castle village street train ship dream memory secret truth silence promise game dance
		song bird wolf horse dog cat lion rose tree flower apple bread salt wine honey año casa noche vida muerte tiempo
		mundo ciudad mar río corazón sueño camino sombra luz Liebe Haus Nacht Leben Zeit Welt Stadt Straße Mädchen
		amour maison nuit vie forêt été étoile`)
	adjectives = strings.Fields(`silent wild dark bright long short old new young great little last first lost hidden secret broken
		golden silver red black white blue green cold warm quiet strange distant empty endless perfect forgotten burning`)
	firstNames = strings.Fields(`Anna Maria John James Mary Robert Elena Lucía José Carlos Ana Sofía David Daniel Laura Emma Jane Paul
		Peter Thomas Hans Jürgen Claire François Jean Luca Marco Giulia Ingrid Lars Olga Ivan Haruki Yoko Chinua Amara Fatima Omar`)
	publishers = strings.Fields(`Lantern Almendra Northgate Harbour Quill Meridian Juniper Oakfield Tramontana Falke`)
	topics     = []string{"Introduction", "History", "Guide", "Companion", "Handbook", "Memoir", "Novel"}
	languages  = strings.Fields(`en en en en en en es es es de de fr fr it pt nl sv pl`)
	categories = strings.Fields(`art biography business children classics comics cooking fantasy fiction fiction fiction history mystery
		other philosophy poetry religion romance science science-fiction self-help technology travel young-adult`)
)

// book is a listing that was made up, and who sells it.
type book struct {
	catalogapi.BookInput
	seller int // from 1 on
}

func (m *maker) book(number, sellers int) book {
	in := catalogapi.BookInput{
		Title:     m.title(),
		Authors:   []string{m.author()},
		Category:  m.pick(categories),
		Language:  m.pick(languages),
		Publisher: m.pick(publishers) + " Press",
		Year:      2025 - int(m.ExpFloat64()*20),
		Condition: m.pick(catalogapi.Conditions),
		Price:     99 + 100*int64(m.ExpFloat64()*15),
		SKU:       fmt.Sprintf("S-%d", number),
	}
	if m.IntN(5) == 0 {
		in.Authors = append(in.Authors, m.author())
	}
	if m.IntN(8) > 0 {
		in.ISBN = m.isbn()
	}
	if m.IntN(12) > 0 {
		in.Stock = 1 + int64(m.ExpFloat64()*2)
	}
	in.Description = fmt.Sprintf("%s by %s, %d.", in.Title, strings.Join(in.Authors, " and "), in.Year)
	return book{in, 1 + m.IntN(sellers)}
}

func (m *maker) pick(from []string) string { return from[m.IntN(len(from))] }

func (m *maker) title() string {
	noun, other, adjective := m.noun(), m.noun(), capital(m.pick(adjectives))
	switch m.IntN(12) {
	case 0, 1, 2:
		return "The " + noun + " of " + other
	case 3, 4:
		return "The " + adjective + " " + noun
	case 5:
		return noun + " and " + other
	case 6:
		return "A " + m.pick(topics) + " of " + noun
	case 7:
		return noun
	case 8:
		return adjective + " " + noun + ": The " + m.noun() + " of " + other
	case 9:
		return fmt.Sprintf("%s in %d", noun, 1500+m.IntN(525))
	case 10:
		return "The " + m.surname() + "'s " + noun
	}
	return adjective + " " + noun + ", Volume " + fmt.Sprint(1+m.IntN(9))
}

func (m *maker) noun() string {
	if rank := int(m.nouns.Uint64()); rank >= len(nouns) {
		return capital(coin(rank))
	} else {
		return capital(nouns[rank])
	}
}

func (m *maker) surname() string { return capital(coin(200_000+int(m.surnames.Uint64()))) + "son" }

// author returns one of the authors there are, each of whom has one name.
func (m *maker) author() string {
	who := rand.New(rand.NewPCG(m.authors.Uint64(), 0))
	surnames := rand.NewZipf(who, 1.05, 50, 80_000)
	return firstNames[who.IntN(len(firstNames))] + " " + capital(coin(200_000+int(surnames.Uint64()))) + "son"
}

// coin returns a word that can be pronounced, another one for each number.
func coin(number int) string {
	const consonants, vowels = "bdfglmnprstvkh", "aeiou"
	var b strings.Builder
	for ; number > 0; number /= len(consonants) * len(vowels) {
		syllable := number % (len(consonants) * len(vowels))
		b.WriteByte(consonants[syllable/len(vowels)])
		b.WriteByte(vowels[syllable%len(vowels)])
	}
	return b.String()
}

func capital(word string) string {
	r, size := utf8.DecodeRuneInString(word)
	return string(unicode.ToUpper(r)) + word[size:]
}

// isbn returns an ISBN-13 of which there are so many that editions seldom meet.
func (m *maker) isbn() string {
	body := fmt.Sprintf("978%d%08d", m.IntN(3), m.IntN(4_000_000)*25)
	sum := 0
	for i, digit := range body {
		sum += int(digit-'0') * (1 + i%2*2)
	}
	return body + fmt.Sprint((10-sum%10)%10)
}
