package store_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/sqldb"
)

// shelf is what the searches below look through; a title stands for its book.
var shelf = []struct{ title, authors, isbn string }{
	{"It", "Stephen King", "9781444707861"},
	{"We", "Yevgeny Zamyatin", "9780140185850"},
	{"The Shining", "Stephen King", "9780307743657"},
	{"The Shining Girls", "Lauren Beukes", ""},
	{"A Shining", "Jon Fosse", ""},
	{"To the Lighthouse", "Virginia Woolf", ""},
	{"The C++ Programming Language", "Bjarne Stroustrup", "9780321563842"},
	{"The C Programming Language", "Brian Kernighan; Dennis Ritchie", "9780131103627"},
	{"C# in Depth", "Jon Skeet", ""},
	{"Cien años de soledad", "Gabriel García Márquez", "9780307474728"},
	{"L'Étranger", "Albert Camus", ""},
	{"Les Misérables", "Victor Hugo", ""},
	{"Die Straße", "Andreas Øverås", ""},
	{"Dancing at Lughnasa", "Brian O’Brien", ""},
	{"Don't Look Now", "Daphne du Maurier", ""},
	{"Война и мир", "Лев Толстой", ""},
	{"Ἰλιάς", "Ὅμηρος", ""},
	{"三体", "刘慈欣", "9787536692930"},
	{"ノルウェイの森", "村上春樹", ""},
	{"채식주의자", "한강", ""},
	{"1984", "George Orwell", "9780141036144"},
	{"The War 1914-1918", "A. J. P. Taylor", ""},
	{"Rock'n'Roll E-Mail", "X", ""},
	{"🦄 Unicorns", "", ""},
	{"\"Quoted\" Words", "AND OR NOT NEAR", ""},
	{"Oxford Handbook", "Stephen Shining", "9780804429573"},
	{"パパ", "", ""},
	{"ハハ", "", ""},
	{"Biblio\u00adthek", "", ""},
	{"Love & Olives", "", "9781440597022"},
	{"Amor y olivos", "", ""},
	{"فارسی کتاب", "", ""},
	{"สวัสดี", "", ""},
	{"हिन्दी की", "", ""},
	{"Col·lecció", "", ""},
}

func TestBothDatabasesFindTheSame(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		stockShelf(t, s)
		for _, c := range []struct {
			text string
			want []string // in order
		}{
			{"it", []string{"It"}},
			{"IT", []string{"It"}},
			{"we", []string{"We"}},
			{"+the +shining", []string{"The Shining", "The Shining Girls"}},
			{"the shining", []string{"The Shining", "The Shining Girls"}},
			{"shining the", []string{"The Shining Girls", "The Shining"}},
			{"shining", []string{"A Shining", "The Shining Girls", "The Shining", "Oxford Handbook"}},
			{"the shin", []string{"The Shining Girls", "The Shining"}},
			{"shin the", nil},
			{"stephen king", []string{"The Shining", "It"}},
			{"king shining", []string{"The Shining"}},
			{"c++", []string{"The C++ Programming Language"}},
			{"C++ programming", []string{"The C++ Programming Language"}},
			{"c#", []string{"C# in Depth"}},
			{"c programming", []string{"The C Programming Language", "The C++ Programming Language"}},
			{"soledad", []string{"Cien años de soledad"}},
			{"anos", []string{"Cien años de soledad"}},
			{"AÑOS", []string{"Cien años de soledad"}},
			{"garcia marquez", []string{"Cien años de soledad"}},
			{"García Ma\u0301rquez", []string{"Cien años de soledad"}},
			{"etranger", []string{"L'Étranger"}},
			{"l’étranger", []string{"L'Étranger"}},
			{"letranger", []string{"L'Étranger"}},
			{"miserables", []string{"Les Misérables"}},
			{"strasse", []string{"Die Straße"}},
			{"straße overas", []string{"Die Straße"}},
			{"o'brien", []string{"Dancing at Lughnasa"}},
			{"obrien", []string{"Dancing at Lughnasa"}},
			{"don't", []string{"Don't Look Now"}},
			{"dont look", []string{"Don't Look Now"}},
			{"email", []string{"Rock'n'Roll E-Mail"}},
			{"e-mail", []string{"Rock'n'Roll E-Mail"}},
			{"война", []string{"Война и мир"}},
			{"ВОЙНА И", []string{"Война и мир"}},
			{"ιλιας", []string{"Ἰλιάς"}},
			{"三体", []string{"三体"}},
			{"体", []string{"三体"}},
			{"森", []string{"ノルウェイの森"}},
			{"ﾉﾙｳｪｲ", []string{"ノルウェイの森"}},
			{"채식", []string{"채식주의자"}},
			{"1984", []string{"1984"}},
			{"19", []string{"1984", "The War 1914-1918"}},
			{"1914-1918", []string{"The War 1914-1918"}},
			{"1918", []string{"The War 1914-1918"}},
			{"978-0-307-74365-7", []string{"The Shining"}},
			{"978 0 307 74365 7", []string{"The Shining"}},
			{"9780307743657", []string{"The Shining"}},
			{"0-307-74365-9", []string{"The Shining"}},
			{"0307743", []string{"The Shining"}},
			{"978-0-307", []string{"Cien años de soledad", "The Shining"}},
			{"king 978-0-307-74365-7", []string{"The Shining"}},
			{"0-8044-2957-x", []string{"Oxford Handbook"}},
			{"unicorns 🦄", []string{"🦄 Unicorns"}},
			{"🦄", nil},
			{"パパ", []string{"パパ"}},
			{"ﾊﾟﾊﾟ", []string{"パパ"}},
			{"ハハ", []string{"ハハ"}},
			{"bibliothek", []string{"Biblio\u00adthek"}},
			{"biblio\u200bthek", []string{"Biblio\u00adthek"}},
			{"love and olives", []string{"Love & Olives"}},
			{"love&olives", []string{"Love & Olives"}},
			{"love and", []string{"Love & Olives"}},
			{"amor & olivos", []string{"Amor y olivos"}},
			{"amor and olivos", []string{"Amor y olivos"}},
			{"فارسي كتاب", []string{"فارسی کتاب"}},
			{"فَارْسِي", []string{"فارسی کتاب"}},
			{"สวัสดี", []string{"สวัสดี"}},
			{"สวสด", nil},
			{"हिन्दी", []string{"हिन्दी की"}},
			{"हनद", nil},
			{"colleccio", []string{"Col·lecció"}},
			{"ISBN 978-1-4405-9702-2", []string{"Love & Olives"}},
			{"isbn:1440597022", []string{"Love & Olives"}},
			{"9781440597022 (v. 2)", []string{"Love & Olives"}},
			{"\u200e978—1—4405—9702—2", []string{"Love & Olives"}},
			{"olives isbn 978-1-4405-9702-2", []string{"Love & Olives"}},
			{"quoted", []string{"\"Quoted\" Words"}},
			{"\"quoted words\"", []string{"\"Quoted\" Words"}},
			{"words AND", []string{"\"Quoted\" Words"}},
			{"NOT words", []string{"\"Quoted\" Words"}},
			{"words NEAR quoted", []string{"\"Quoted\" Words"}},
			{"words OR shining", nil},
			{"-king shining", []string{"The Shining"}},
			{"king*", []string{"The Shining", "It"}},
			{"ki* shining", nil},
			{"(king) @2 >shining ~the <x", nil},
			{"king'; DROP TABLE books; --", nil},
			{"100% _ing \\", nil},
			{"!?*()\"'+-~<>@", nil},
			{strings.Repeat("shining ", 1000), []string{"A Shining", "The Shining Girls", "The Shining", "Oxford Handbook"}},
			{strings.Repeat("x", 5000), nil},
			{strings.Repeat("三", 5000), []string{"三体"}},
		} {
			if got := titles(t, s, c.text); !slices.Equal(got, c.want) {
				t.Errorf("%.60q: got %q, want %q", c.text, got, c.want)
			}
		}
	})
}

// titles returns what a search finds, in its order.
func titles(t *testing.T, s *store.Store, text string) []string {
	t.Helper()
	sel := searching(text)
	sel.Limit = 100
	if sel.IsEmpty() {
		return nil
	}
	found, err := s.Find(t.Context(), sel)
	if err != nil {
		t.Errorf("search %.60q: %v", text, err)
	}
	var titles []string
	for _, b := range booksAt(t, s, found.Places) {
		titles = append(titles, b.Title)
	}
	return titles
}

func stockShelf(t *testing.T, s *store.Store) {
	t.Helper()
	for _, book := range shelf {
		b := emma()
		b.Title, b.ISBN, b.Authors = book.title, book.isbn, strings.Split(book.authors, "; ")
		add(t, s, b)
	}
}

func TestAListingIsFoundByItsNewWordsOnly(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		id := add(t, s, emma())
		edit := editOf(current(t, s, id), 0)
		edit.Title = "Persuasion"
		if err := s.EditBook(t.Context(), edit); err != nil {
			t.Fatal(err)
		}
		if got := titles(t, s, "emma"); got != nil {
			t.Errorf("the old title still finds %q", got)
		}
		if got := titles(t, s, "persua"); len(got) != 1 {
			t.Errorf("the new title finds %q", got)
		}
		if err := s.DelistBook(t.Context(), id, "user:7", noon); err != nil {
			t.Fatal(err)
		}
		if got := titles(t, s, "persua"); got != nil {
			t.Errorf("a delisted book is found: %q", got)
		}
	})
}

// TestWhatIsTypedOfATitleFindsIt types titles of random signs letter by letter.
func TestWhatIsTypedOfATitleFindsIt(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	letters := []rune("abcÄßøéñ 019 'c++#-.,жЮΣς三の한글ｶﾞ🦄\u0301İıŁ½ﬁ")
	onBoth(t, func(t *testing.T, s *store.Store, _ *sqldb.DB) {
		for range 40 {
			title := "q"
			for range 1 + random.IntN(25) {
				title += string(letters[random.IntN(len(letters))])
			}
			b := emma()
			b.Title = title
			add(t, s, b)
			for _, text := range []string{title, strings.ToUpper(title), strings.ToLower(title)} {
				if !slices.Contains(titles(t, s, text), title) {
					t.Errorf("%q does not find %q", text, title)
				}
			}
		}
	})
}
