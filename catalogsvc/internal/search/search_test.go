package search_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"bookstore/catalogsvc/internal/search"
)

func TestWordsIgnoreCaseAccentsAndSigns(t *testing.T) {
	for _, same := range [][]string{
		{"the shining", "The Shining", "+the +shining", " \"THE\"  shining!", "the…shining", "ｔｈｅ shining"},
		{"cafe", "café", "CAFÉ", "cafe\u0301"},
		{"strasse", "Straße", "STRASSE", "STRAẞE"},
		{"aeon oeuvre", "Æon œuvre"},
		{"istanbul", "İstanbul", "ISTANBUL"},
		{"οδυσσευς", "Ὀδυσσεύς", "ΟΔΥΣΣΕΥΣ"},
		{"l'avare", "L’Avare"},
		{"9780307743657", "978-0-307-74365-7", "0-307-74365-9"},
		{"bibliothek", "Biblio\u00adthek", "biblio\u200bthek", "Biblio\u2060thek", "biblio\u200cthek"},
		{"love and olives", "Love & Olives", "Love&Olives", "LOVE ＆ OLIVES", "love y olives", "love e olives", "love und olives", "love et olives"},
		{"فارسي كتاب", "فارسی کتاب", "فارسي كِتَاب", "فارسی کـــتاب"},
		{"שלום", "שָׁלוֹם"},
		{"パパ", "ﾊﾟﾊﾟ"},
	} {
		for _, text := range same[1:] {
			if got, want := search.Words(text), search.Words(same[0]); !slices.Equal(got, want) {
				t.Errorf("%q: got %q, want %q as for %q", text, got, want, same[0])
			}
		}
	}
}

func TestWordsKeepApartWhatReadersTellApart(t *testing.T) {
	texts := []string{"c", "c++", "c#", "it", "is", "三", "体", "ж", "ш", "1", "l",
		"パパ", "ハハ", "ガ", "カ", "มา", "ม่า", "कि", "की", "क"}
	for i, a := range texts {
		for _, b := range texts[:i] {
			if slices.Equal(search.Words(a), search.Words(b)) {
				t.Errorf("%q and %q are the same: %q", a, b, search.Words(a))
			}
		}
	}
}

func TestTextsWithoutLettersHaveNoWords(t *testing.T) {
	for _, text := range []string{"", " ", "!?", "++", "-", "'", "🦄", "\u0301", "\xff\x00", "*\"~<>@()"} {
		if got := search.Words(text); len(got) > 0 {
			t.Errorf("%q: got %q", text, got)
		}
	}
}

func TestEachIdeographIsAWord(t *testing.T) {
	if got := search.Words("三体 ノルウェイabc森"); len(got) != 2+5+1+1 {
		t.Errorf("got %q", got)
	}
}

// TestTokensFitBothEngines guards what package search promises the databases.
func TestTokensFitBothEngines(t *testing.T) {
	shape := regexp.MustCompile(`^z[yz][a-z0-9]{1,80}$`)
	stopwords := strings.Fields("a about an are as at be by com de en for from how i in is it la of on or that the this to und was what when where who will with www")
	texts := []string{
		strings.Join(stopwords, " "), "a", "é", "三", "c++ c# +c", "İı ß ﷺ ½ ﬁ ǆ",
		strings.Repeat("x", 500), strings.Repeat("ж", 500), strings.Repeat("三", 500), strings.Repeat("c+", 500),
		"O'Brien e-mail 978-0-307-74365-7 rock'n'roll", "ʼn ‐ – '", "\xff\xfe",
	}
	for r := rune(1); r < 0x20000; r += 7 {
		texts = append(texts, "q"+string(r), string(r))
	}
	for _, text := range texts {
		for _, token := range append(search.Index(text), search.Words(text)...) {
			if !shape.MatchString(token) || slices.Contains(stopwords, token) {
				t.Errorf("%.40q: token %q", text, token)
			}
		}
	}
}

func TestATextIsFoundByItsOwnWords(t *testing.T) {
	for _, text := range []string{
		"The C++ Programming Language", "C++-Programmierung", "Don't Look Now", "1914-1918", "O'Brien's e-mail",
		"0-8044-2957-X", "三体 II", "Война и мир", "a+b=c", "A+", "x-", "-x'",
		"Love & Olives", "Y", "E.", "Et & Und", "ISBN 9781440597022", "می\u200cخواهم", "パパ", "हिन्दी में", "한국 소설",
	} {
		index := search.Index(text)
		for _, word := range search.Query(text) {
			if !slices.Contains(index, word) {
				t.Errorf("%q: %q is not in %q", text, word, index)
			}
		}
	}
}

func TestASearchNeedsNoAndAndNoLabel(t *testing.T) {
	for text, want := range map[string]string{
		"Love & Olives": "love olives", "love and olives": "love olives", "amor y olivos": "amor olivos", "love and": "love",
		"king isbn 9781440597022": "king 9781440597022", "ISBN-13: 1440597022 king": "9781440597022 king",
		"y": "y", "et": "et", "&": "", "isbn": "isbn", "isbn king": "isbn king",
	} {
		if got := search.Query(text); !slices.Equal(got, search.Words(want)) && !(text == "y" || text == "et") {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	if len(search.Query("y")) != 1 || slices.Equal(search.Query("y"), search.Query("et")) {
		t.Errorf("alone, y is %q and et is %q", search.Query("y"), search.Query("et"))
	}
}

func TestABeginningOfAWordIsABeginningOfItsToken(t *testing.T) {
	for _, word := range []string{"shining", "война", "채식주의자", "9780307743657", "Οδύσσεια"} {
		whole := search.Words(word)[0]
		for i := range word {
			if i == 0 {
				continue
			}
			if begin := search.Words(word[:i])[0]; !strings.HasPrefix(whole, begin) {
				t.Errorf("%q: %q does not begin %q", word[:i], begin, whole)
			}
		}
	}
}

func TestBoundsHold(t *testing.T) {
	var long strings.Builder
	for i := range 5000 {
		long.WriteString(strings.Repeat(string(rune('a'+i%26)), 1+i/26) + " ")
	}
	if n := len(search.Words(long.String())); n != search.MaxWords {
		t.Errorf("%d words", n)
	}
	if n := len(search.Index(long.String())); n > 2000 {
		t.Errorf("%d tokens", n)
	}
}

func TestSortKeysOrderTitlesAsReadersDo(t *testing.T) {
	titles := []string{"🦄", "1984", "Ähren", "Emma", "Émma 2", "«Zebra»", "Война"}
	keys := make([]string, len(titles))
	for i, title := range titles {
		keys[i] = search.SortKey(title)
	}
	if !slices.IsSorted(keys) {
		t.Errorf("not in order: %q", keys)
	}
	if n := len([]rune(search.SortKey(strings.Repeat("ab ", 300)))); n > 150 {
		t.Errorf("a key of %d characters", n)
	}
}
