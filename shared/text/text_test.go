package text_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"bookstore/shared/text"
)

func TestALineHoldsWhatCanBeSeen(t *testing.T) {
	for in, want := range map[string]string{
		" The\tgreat\u00a0\u3000 Gatsby\n":  "The great Gatsby",
		"Biblio\u00adthek\u200b":            "Bibliothek",
		"\u202eshop\u202c \u2066x\u2069":    "shop x", // would turn the line around
		"\u200f\u061cabc\ufeff\u2060\x00\a": "abc",
		"cafe\u0301":                        "café",
		"cafe\u200b\u0301":                  "café", // composed once nothing stands between
		"a\xffb":                            "ab",
		"\u0301abc":                         "abc", // a mark on whatever stands before it
		" \u0301abc":                        "abc",
		"a" + strings.Repeat("\u0316", 50):  "a" + strings.Repeat("\u0316", 8),
		"a\ufe0fb\u200dc\U000e0041":         "abc", // nothing joins or varies here
		"x\ufffcy\ufff9z":                   "xyz",

		"می\u200cخواهم":                    "می\u200cخواهم",
		"می\u200c":                         "می",
		"۱۴۴۲ ه\u200d":                     "۱۴۴۲ ه\u200d",
		"ක්\u200dෂ":                        "ක්\u200dෂ",
		"क्\u200dष":                        "क्\u200dष",
		"👩\u200d👩\u200d👧":                  "👩\u200d👩\u200d👧",
		"👩🏽\u200d🚀":                        "👩🏽\u200d🚀",
		"❤\ufe0f\u200d🔥 1\ufe0f\u20e3":     "❤\ufe0f\u200d🔥 1\ufe0f\u20e3",
		"葛\U000e0100飾":                     "葛\U000e0100飾",
		"\U0001f3f4\U000e0067\U000e007f x": "\U0001f3f4\U000e0067\U000e007f x",
		"ᠠ\u180bᠠ":                         "ᠠ\u180bᠠ",
		"؀١٢":                              "؀١٢", // a sign that is seen, though of the kind that is not
		"Don’t — “panic”…":                 "Don’t — “panic”…",
		"パパ สวัสดี हिन्दी Ὀδυσσεύς תַּנַ״ךְ": "パパ สวัสดี हिन्दी Ὀδυσσεύς תַּנַ״ךְ",
	} {
		if got := text.Line(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestATextInWhichNothingIsSeenIsEmpty(t *testing.T) {
	for _, in := range []string{
		"", " \t\r\n", "\u200b", "\u00ad \u2060", "\u3164", "\uffa0\u115f\u1160", "\u2800", "\u202e", "\u200d\u200c", "\ufe0f",
		"\u0301", " \u0301 \u0489", "\U000e0041\U000e007f", "\u180e", "\u17b4", "\ufffc", "\x00\x7f\u0085", "\u034f", "\U000e0100",
	} {
		if got := text.Line(in); got != "" {
			t.Errorf("line %q: got %q", in, got)
		}
		if got := text.Lines(in + "\n" + in); got != "" {
			t.Errorf("lines %q: got %q", in, got)
		}
	}
}

func TestLinesKeepLines(t *testing.T) {
	in := "\n One  \u200btwo\r\nthree\r\rfour\u2028five \n\n\u200b\n\nsix\n\n"
	if got, want := text.Lines(in), "One two\nthree\n\nfour\nfive\n\nsix"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzATidiedTextStaysAsItIs(f *testing.F) {
	for _, s := range []string{"a\u0301\u200b", "می\u200cخ", "👩\u200d\u200c👧", "\u0301\u0301a", "한\u1160\u11a8", "\xff\u200d", "a\n\u0301b", "1\ufe0f\u20e3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for name, tidy := range map[string]func(string) string{"Line": text.Line, "Lines": text.Lines} {
			once := tidy(s)
			if !utf8.ValidString(once) {
				t.Errorf("%s(%q) = %q is no UTF-8", name, s, once)
			}
			if twice := tidy(once); twice != once {
				t.Errorf("%s(%q) = %q, and of that %q", name, s, once, twice)
			}
		}
	})
}

func TestFoldTakesAccentsAndKeepsLetters(t *testing.T) {
	for want, same := range map[string][]string{
		"strasse cafe":  {"Straße CAFÉ", "ｓｔｒａsse cafe\u0301"},
		"οδυσσευσ":      {"Ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ"},
		"елка":          {"Ёлка", "елка"},
		"bibliothek":    {"Biblio\u00adthek", "Biblio\u200bthek", "Bib\u2060liothek"},
		"محمد":          {"مُحَمَّد", "محـــمد"},
		"فارسي كتاب":    {"فارسی کتاب", "فارسي كتاب"},
		"שלום":          {"שָׁלוֹם", "שׁלום"},
		"1984":          {"١٩٨٤", "۱۹۸۴", "१९८४", "１９８４"},
		"パパ":            {"パパ", "ﾊﾟﾊﾟ", "ハ\u309aハ\u309a"},
		"d'artagnan":    {"d’Artagnan", "d´Artagnan", "d`Artagnan"},
		"col-leccio":    {"col·lecció", "coŀlecció"},
		"सेवा":          {"सेवा"},
		"quantum e=mc2": {"Quantum E=mc²"},
	} {
		for _, s := range same {
			if got := text.Fold(s); got != want {
				t.Errorf("%q: got %q, want %q", s, got, want)
			}
		}
	}
	for _, apart := range [][2]string{{"パパ", "ハハ"}, {"ガス", "カス"}, {"มา", "ม่า"}, {"कि", "की"}, {"कल", "कला"}, {"ด", "ดี"}} {
		if text.Fold(apart[0]) == text.Fold(apart[1]) {
			t.Errorf("%q and %q are the same", apart[0], apart[1])
		}
	}
}

func TestASlugIsWordsAndItsOwnSlug(t *testing.T) {
	for name, want := range map[string]string{
		"Gabriel García  Márquez": "gabriel-garcia-marquez", "J. R. R. Tolkien": "j-r-r-tolkien", "O’Brien & Søn": "o-brien-son",
		"Лев Толстой": "лев-толстои", "三島 由紀夫": "三島-由紀夫", "?!": "", "": "",
	} {
		got := text.Slug(name)
		if got != want || text.Slug(got) != got {
			t.Errorf("%q: got %q, then %q, want %q", name, got, text.Slug(got), want)
		}
	}
}

func TestEmailsAreReadAsOneMailboxEach(t *testing.T) {
	for in, want := range map[string]string{
		" Ana@Example.org ":           "Ana@Example.org",
		"\u200eana@example.org\u200b": "ana@example.org",
		"ana@bücher.example":          "ana@bücher.example",
		"ana+x@sub.example.co.uk":     "ana+x@sub.example.co.uk",
		"jose\u0301@example.org":      "josé@example.org",
	} {
		if got, err := text.Email(in); err != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", "ana", "ana@x", "ana@localhost", "ana@127.0.0.1", "ana@[127.0.0.1]", "ana@example.org.", "Ana <ana@example.org>",
		"ana@exa mple.org", "ana@-x.org", "ana@x_y.org", "ana@.org", "ana@xn--a.org", "\u200b", "ana@" + strings.Repeat("a", 64) + ".org",
		"ana@" + strings.Repeat("a.", 130) + "org", "ana@" + strings.Repeat("ü", 60) + ".org",
	} {
		if got, err := text.Email(in); err == nil {
			t.Errorf("%q: taken as %q", in, got)
		}
	}
	if got, err := text.HostEmail("admin@localhost"); err != nil || got != "admin@localhost" {
		t.Errorf("an operator's host: got %q, %v", got, err)
	}
	for _, same := range [][]string{
		{"ana@bücher.example", "ANA@BÜCHER.example", "ana@bu\u0308cher.example", "ana@xn--bcher-kva.example", "ana@XN--BCHER-KVA.EXAMPLE"},
		{"josé@example.org", "JOSE\u0301@EXAMPLE.ORG"},
		{"ana@x", " Ana@X\u200b"},
		{"ana_@x_y.org", "ANA_@X_Y.ORG"},
	} {
		for _, s := range same[1:] {
			if text.EmailKey(s) != text.EmailKey(same[0]) {
				t.Errorf("%q and %q are two: %q, %q", s, same[0], text.EmailKey(s), text.EmailKey(same[0]))
			}
		}
	}
	if a, b := text.EmailKey("ana@strasse.example"), text.EmailKey("ana@straße.example"); a == b {
		t.Errorf("two domains are one: %q", a)
	}
	if got, err := text.SendableEmail("Ana@Bücher.example"); err != nil || got != "Ana@xn--bcher-kva.example" {
		t.Errorf("sendable: got %q, %v", got, err)
	}
	if got, err := text.SendableEmail("ana"); err == nil {
		t.Errorf("without a domain: got %q", got)
	}
}

func TestNamesThatLookTheSameAreTheSame(t *testing.T) {
	same := func(a, b string) bool {
		sound1, look1 := text.NameKeys(a)
		sound2, look2 := text.NameKeys(b)
		return sound1 == sound2 || look1 == look2
	}
	const shop = "Lantern & Fox Books"
	for _, name := range []string{
		shop, "lantern & fox books", "LANTERN AND FOX BOOKS", "Lantern  &  Fox\u00a0Books", "Lantern&Fox Books.", "“Lantern & Fox” Books",
		"Lantern \u200band Fox Books", "Ｌａｎｔｅｒｎ ＆ Fox Books", "Lántern & Fox Books", "Iantern & Fox Books", "1antern & F0x B00ks",
		"Lantеrn & Fох Books" /* Cyrillic е, о, х */, "LΑΝΤΕRΝ & FΟΧ ΒΟΟΚS" /* Greek */, "Lantern ⅋ Fox Books", "Lantern et Fox Books",
		"𝐋𝐚𝐧𝐭𝐞𝐫𝐧 & Fox Books", "Lantern-&-Fox-Books", "Lantem & Fox Books", "L\u2060antern + Fox Books",
	} {
		if !same(shop, name) {
			t.Errorf("%q passes for another than %q", name, shop)
		}
	}
	for _, pair := range [][2]string{{"Вера", "ВЕРА"}, {"Вера", "ВEPА" /* Latin E, P */}, {"вера", "вepa" /* Latin e, p, a */}, {"Ναύτης", "ΝΑΥΤΗΣ"}, {"!!!", "!!!"}} {
		if !same(pair[0], pair[1]) {
			t.Errorf("%q passes for another than %q", pair[1], pair[0])
		}
	}
	for _, pair := range [][2]string{
		{shop, "Lantern Books"}, {shop, "Lantern & Fix Books"}, {"Shop 1", "Shop 2"}, {"Librería Norte", "Librería Sur"},
		{"ハハ", "パパ"}, {"Night", "Vight"}, {"三体", "二体"}, {"!!!", "???"}, {"Books 🦊", "Books 🐻"},
	} {
		if same(pair[0], pair[1]) {
			t.Errorf("%q and %q are the same", pair[0], pair[1])
		}
	}
}

func TestKeysOfNamesAreShort(t *testing.T) {
	sound, look := text.NameKeys(strings.Repeat("ﷺ", 100))
	if n := max(utf8.RuneCountInString(sound), utf8.RuneCountInString(look)); n == 0 || n > text.MaxNameKey {
		t.Errorf("a key of %d characters", n)
	}
}

// Texts of plain signs alone take a shorter way.
func TestPlainSignsAreTheSameBesideOthers(t *testing.T) {
	for c := byte(0); c < 0x80; c++ {
		s := "A " + string(rune(c)) + " B"
		if got, want := text.Fold(s), strings.TrimPrefix(text.Fold("É"+s), "e"); got != want {
			t.Errorf("Fold(%q) = %q, want %q", s, got, want)
		}
		if got, want := text.Line(s), strings.TrimPrefix(text.Line("É "+s), "É "); got != want {
			t.Errorf("Line(%q) = %q, want %q", s, got, want)
		}
	}
}
