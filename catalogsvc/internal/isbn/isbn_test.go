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

		"\u200e978-1-4405-9702-2":        "9781440597022", // as pasted from a web page
		"978—1—4405—9702—2":              "9781440597022",
		"978\u00ad1440\u200b597022":      "9781440597022",
		"978−1‐4405‑9702‒2":              "9781440597022",
		"９７８－１－４４０５－９７０２－２":              "9781440597022",
		"٩٧٨١٤٤٠٥٩٧٠٢٢":                  "9781440597022",
		"978.1.4405.9702.2.":             "9781440597022",
		"ISBN 978-1-4405-9702-2":         "9781440597022",
		"ISBN:1440597022":                "9781440597022",
		"isbn-13: 978-1-4405-9702-2":     "9781440597022",
		"ISBN-10 1-4405-9702-2":          "9781440597022",
		"ISBN 13 9781440597022":          "9781440597022",
		"e-ISBN 9781440597022":           "9781440597022",
		"eISBN: 9781440597022":           "9781440597022",
		"Print ISBN (paper): 1440597022": "9781440597022",
		"EAN 9781440597022":              "9781440597022",
		"9781440597022 (v. 2)":           "9781440597022",
		"1440597022 (pbk.) :":            "9781440597022",
		"1440597022 (pbk.) [v. 1]":       "9781440597022",
		"ISBN 1304567893":                "9781304567895", // 13 is no label here
		"425-03891-2":                    "9780425038918", // an SBN
		"425038912":                      "9780425038918",
		"SBN 425-03891-2":                "9780425038918",
		"979-8-6024-0545-3":              "9798602405453",
	} {
		got, err := isbn.Parse(text)
		if err != nil || got != want {
			t.Errorf("Parse(%q) = %q, %v; want %q", text, got, err, want)
		}
	}
}

func TestParseSaysWhyItRefuses(t *testing.T) {
	for want, texts := range map[error][]string{
		isbn.ErrInvalid: {
			"", "1984", "X141439513", "01414395130", "978014143951X", "1230141439518", "9771234567003", "ISBN", "97801414395189",
			"0804429X70", "ſ141439513", "425-03891-3", "978014143951८८", "isbn isbn", "(v. 2)", "\u200b", "9781440597022 and more",
			"9781440597022, 9780141439518",
		},
		isbn.ErrCheckDigit: {"9780141439519", "0141439514", "ISBN-13: 978-0-14-143951-9", "0-8044-2957-1"},
		isbn.ErrMusic:      {"9790041811529", "979-0-0418-1152-9", "9790041811520", "M-0418-1152-9", "ISMN 979-0-0418-1152-9"},
	} {
		for _, text := range texts {
			if got, err := isbn.Parse(text); !errors.Is(err, want) || got != "" {
				t.Errorf("Parse(%q) = %q, %v; want %v", text, got, err, want)
			}
		}
	}
}

func TestRecognizeTakesNoBeginningOfANumberForAnISBN(t *testing.T) {
	for text, want := range map[string]bool{
		"425-03891-2": true, "SBN 425038912": true, "425038912": false, "1440597022": true, "9781440597022 (v. 2)": true,
		"": false, "dune": false, "1984 (Penguin)": false, "king 9781440597022": false, "2001: A Space Odyssey": false,
	} {
		if got, ok := isbn.Recognize(text); ok != want {
			t.Errorf("%q: got %q, %v", text, got, ok)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"ISBN-13: 978-1-4405-9702-2 (v. 2)", "425-03891-2", "0-8044-2957-X", "9790041811529", "\u200e٩٧٨", "[[((", "isbn10x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := isbn.Parse(text)
		if (err == nil) != (len(got) == 13) {
			t.Fatalf("Parse(%q) = %q, %v", text, got, err)
		}
		if err != nil {
			return
		}
		spellings := []string{got, "ISBN " + got, got + " (v. 2)", "\u200e" + got[:3] + "—" + got[3:]}
		if short := isbn.To10(got); short != "" {
			spellings = append(spellings, short, "isbn-10:"+short)
		}
		for _, spelling := range spellings {
			if again, err := isbn.Parse(spelling); err != nil || again != got {
				t.Errorf("Parse(%q) = %q, but Parse(%q) = %q, %v", text, got, spelling, again, err)
			}
		}
	})
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
