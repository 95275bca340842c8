package cover

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"
)

// books are titles and authors, from plain to hostile.
var books = [][2]string{
	{"Pride and Prejudice", "Jane Austen"},
	{"It", "Stephen King"},
	{"Sapiens: A Brief History of Humankind", "Yuval Noah Harari"},
	{"", ""},
	{" : ", " "},
	{"?!…", "—"},
	{"<script>alert('&')</script>", `"O'Reilly" & <Sons>`},
	{"]]> <!-- &amp; &#0;", "]]>"},
	{"Tab\tNew\nline\x00\x01\x1b[31m\u0085\ufffe\uffff", "\x7f\u202eevil\u2066"},
	{"broken \xff\xfe UTF-8 \xc3", "\xf0\x9f"},
	{strings.Repeat("word ", 100), strings.Repeat("Somebody Else, ", 60)},
	{strings.Repeat("x", 500), strings.Repeat("W", 500)},
	{strings.Repeat("WM", 150), strings.Repeat("@", 300)},
	{"Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft", "Anon"},
	{"ノルウェイの森、そして長い長い題名の続きがここにある", "村上春樹"},
	{strings.Repeat("書", 400), strings.Repeat("著", 200)},
	{"ألف ليلة وليلة", "مجهول"},
	{"👩‍👩‍👧‍👦👍🏽 emoji 🐛🍎", "🧑🏿‍🚀"},
	{"e" + strings.Repeat("\u0301", 400), "Za\u0301lgo"},
}

// eachCover calls f with a cover of every book in every layout.
func eachCover(t *testing.T, f func(t *testing.T, svg []byte)) {
	for i, layout := range layouts {
		for _, titleAuthors := range books {
			b := newBook(titleAuthors[0], titleAuthors[1])
			var c canvas
			c.begin(b.title)
			layout(&c, b)
			c.end()
			t.Run(strconv.Itoa(i)+"/"+b.title, func(t *testing.T) { f(t, c.buf.Bytes()) })
		}
	}
}

func TestTheSameBookAlwaysHasTheSameCover(t *testing.T) {
	for _, b := range books {
		if !bytes.Equal(SVG(b[0], b[1]), SVG(b[0], b[1])) {
			t.Errorf("two covers of %q differ", b[0])
		}
	}
	if bytes.Equal(SVG("Emma", "Jane Austen"), SVG("Emma", "Alexander McCall Smith")) {
		t.Error("two books of one title look the same")
	}
}

func TestBooksSpreadOverLayoutsAndPalettes(t *testing.T) {
	grounds := map[string]bool{}
	shapes := map[int]bool{}
	for i := range 400 {
		title := "Volume " + strconv.Itoa(i)
		b := newBook(title, "Various")
		grounds[b.palette.Ground] = true
		shapes[b.dice.roll(len(layouts))] = true
	}
	if len(grounds) != len(palettes) || len(shapes) != len(layouts) {
		t.Errorf("400 books use %d of %d palettes and %d of %d layouts", len(grounds), len(palettes), len(shapes), len(layouts))
	}
}

func TestEveryCoverIsWellFormedAndHarmless(t *testing.T) {
	allowed := map[string]bool{
		"svg": true, "title": true, "g": true, "rect": true, "circle": true, "ellipse": true,
		"path": true, "text": true, "pattern": true, "linearGradient": true, "stop": true,
	}
	eachCover(t, func(t *testing.T, svg []byte) {
		d := xml.NewDecoder(bytes.NewReader(svg))
		for {
			token, err := d.Token()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatalf("not well-formed: %v\n%s", err, svg)
			}
			if e, ok := token.(xml.StartElement); ok && !allowed[e.Name.Local] {
				t.Fatalf("holds an element <%s>", e.Name.Local)
			}
		}
	})
}

func TestNumbersInPicturesAreFinite(t *testing.T) {
	eachCover(t, func(t *testing.T, svg []byte) {
		if bytes.Contains(svg, []byte("NaN")) || bytes.Contains(svg, []byte("Inf")) {
			t.Errorf("a coordinate is not a number: %s", svg)
		}
	})
}

// lettering is a group of lines as the cover has them.
type lettering struct {
	Family  string  `xml:"font-family,attr"`
	Size    float64 `xml:"font-size,attr"`
	Weight  int     `xml:"font-weight,attr"`
	Spacing float64 `xml:"letter-spacing,attr"`
	Anchor  string  `xml:"text-anchor,attr"`
	Lines   []struct {
		X    float64 `xml:"x,attr"`
		Y    float64 `xml:"y,attr"`
		Text string  `xml:",chardata"`
	} `xml:"text"`
}

func TestNoLineLeavesTheCover(t *testing.T) {
	eachCover(t, func(t *testing.T, svg []byte) {
		var doc struct {
			Groups []lettering `xml:"g"`
		}
		if err := xml.Unmarshal(svg, &doc); err != nil {
			t.Fatal(err)
		}
		for _, g := range doc.Groups {
			f := face{stretch: 1, spacing: g.Spacing / g.Size}
			if g.Weight >= 600 {
				f.stretch = 1.08
			}
			for _, line := range g.Lines {
				w := f.measure(line.Text)*g.Size - g.Spacing
				from := line.X
				if g.Anchor == string(middle) {
					from -= w / 2
				}
				if from < 0 || from+w > width+1 {
					t.Errorf("%q reaches from %.0f to %.0f at size %.1f", line.Text, from, from+w, g.Size)
				}
				if line.Y < 0 || line.Y > height {
					t.Errorf("%q stands at height %.0f", line.Text, line.Y)
				}
			}
		}
	})
}

func TestFittedTextKeepsToItsBox(t *testing.T) {
	faces := []face{roman, bold, italic, capitals, grotesque, signage, signageSmall}
	for _, f := range faces {
		for _, titleAuthors := range books {
			text := clean(titleAuthors[0])
			b := fit(text, f, 200, 120, 50, 14)
			if b.height() > 120 {
				t.Errorf("%.20q is %.0f high, want at most 120", text, b.height())
			}
			for _, line := range b.lines {
				if w := f.measure(line) * b.size; w > 200.01 {
					t.Errorf("%q is %.0f wide, want at most 200", line, w)
				}
			}
		}
	}
}

func TestWordsAreKeptWholeWhereTheyFit(t *testing.T) {
	b := fit("The Remains of the Day", roman, 320, 200, 50, 17)
	if got := strings.Join(b.lines, " "); got != "The Remains of the Day" {
		t.Errorf("got lines %q", b.lines)
	}
	long := fit(strings.Repeat("endless ", 80), roman, 200, 60, 40, 15)
	if last := long.lines[len(long.lines)-1]; !strings.HasSuffix(last, ellipsis) {
		t.Errorf("text cut short ends %q, want an ellipsis", last)
	}
}

func TestSubtitlesAreToldFromTitles(t *testing.T) {
	for title, want := range map[string][2]string{
		"Sapiens: A Brief History of Humankind": {"Sapiens", "A Brief History of Humankind"},
		"Moby-Dick; or, The Whale":              {"Moby-Dick", "The Whale"},
		"2001: ":                                {"2001: ", ""},
		"Emma":                                  {"Emma", ""},
	} {
		if main, sub := splitTitle(title); main != want[0] || sub != want[1] {
			t.Errorf("%q: got %q and %q", title, main, sub)
		}
	}
}

func TestEveryPaletteIsLegible(t *testing.T) {
	for _, p := range palettes {
		if got := contrast(t, p.Ground, p.Ink); got < 4.5 {
			t.Errorf("%s on %s: contrast %.2f, want 4.5", p.Ink, p.Ground, got)
		}
		if got := contrast(t, p.Panel, p.PanelInk); got < 4.5 {
			t.Errorf("%s on %s: contrast %.2f, want 4.5", p.PanelInk, p.Panel, got)
		}
	}
}

// contrast is the ratio that WCAG 2 defines.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	light, dark := luminance(t, a), luminance(t, b)
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	rgb, err := strconv.ParseUint(strings.TrimPrefix(hex, "#"), 16, 24)
	if err != nil || len(hex) != 7 {
		t.Fatalf("not a colour: %q", hex)
	}
	linear := func(shift uint) float64 {
		v := float64(rgb>>shift&0xFF) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(16) + 0.7152*linear(8) + 0.0722*linear(0)
}
