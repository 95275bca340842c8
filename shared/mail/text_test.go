package mail_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"bookstore/shared/mail"
)

func TestLinesAreAsWideAsReadersExpect(t *testing.T) {
	link := "https://books.example/" + strings.Repeat("x", 90)
	got := mail.Join("Hello Ana,", "", strings.Repeat("corazón ", 30), "  1 × "+strings.Repeat("título ", 20)+"\n  2 × Emma", link)
	if !strings.HasPrefix(got, "Hello Ana,\n\ncorazón ") || !strings.Contains(got, "\n  2 × Emma\n\n"+link+"\n") {
		t.Errorf("got %q", got)
	}
	for line := range strings.Lines(got) {
		line = strings.TrimSuffix(line, "\n")
		if utf8.RuneCountInString(line) > 72 && line != link {
			t.Errorf("this line is too wide: %q", line)
		}
		if strings.Contains(line, "título") && !strings.HasPrefix(line, "  ") {
			t.Errorf("this line lost its indent: %q", line)
		}
	}
}

func TestAnAmountIsNeverTornApart(t *testing.T) {
	for n := range 30 {
		amount := "12,99\u00a0US$"
		if got := mail.Join(strings.Repeat("x", 50+n) + " " + amount + " de vuelta"); !strings.Contains(got, amount) {
			t.Errorf("got %q", got)
		}
	}
}

func TestANoteIsQuotedAndCannotPassForTheShopsOwnWords(t *testing.T) {
	got := mail.Quote("Sorry,\nsold it!\n\nYou were not charged. " + strings.Repeat("word ", 20))
	for line := range strings.SplitSeq(got, "\n") {
		if !strings.HasPrefix(line, "> ") {
			t.Errorf("this line is not quoted: %q", line)
		}
	}
	if mail.Quote(" \n ") != "" {
		t.Error("an empty note is quoted")
	}
}
