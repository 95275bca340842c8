package isbn_test

import (
	"errors"
	"testing"

	"bookstore/catalogsvc/internal/isbn"
)

func TestParseReadsBothKindsAsThirteenDigits(t *testing.T) {
	for text, want := range map[string]string{
		"978-0-14-143951-8": "9780141439518",
		"9780141439518":     "9780141439518",
		" 978 0141439518 ":  "9780141439518",
		"0-14-143951-3":     "9780141439518",
		"0141439513":        "9780141439518",
		"0-8044-2957-X":     "9780804429573",
		"080442957x":        "9780804429573",
		"979-10-90636-07-1": "9791090636071",
		"978–0–14–143951–8": "9780141439518", // en dashes, as word processors make them
	} {
		got, err := isbn.Parse(text)
		if err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestParseRefusesEverythingElse(t *testing.T) {
	for _, text := range []string{
		"", "1984", "9780141439519", "0141439514", "X141439513", "01414395130", "978014143951X",
		"1230141439518", "9771234567003", "978014143951８", "ISBN", "97801414395189", "0804429X70", "ſ141439513",
	} {
		if got, err := isbn.Parse(text); !errors.Is(err, isbn.ErrInvalid) {
			t.Errorf("Parse(%q) = %q, %v; want ErrInvalid", text, got, err)
		}
	}
}

func TestTo10TurnsBackWhatHasTenDigits(t *testing.T) {
	for text, want := range map[string]string{
		"9780141439518": "0141439513",
		"9780804429573": "080442957X",
		"9791090636071": "",
		"":              "",
	} {
		if got := isbn.To10(text); got != want {
			t.Errorf("To10(%q) = %q, want %q", text, got, want)
		}
	}
}
