package assets

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestColoursThatMeetAreLegible computes the contrast, as WCAG 2 defines it, of
// the colours that lie on each other: 4.5 for text, 3 for the edges of controls.
func TestColoursThatMeetAreLegible(t *testing.T) {
	const text, edge = 4.5, 3.0
	for _, c := range []struct {
		least float64
		inks  string
		on    string
	}{
		{text, "ink ink-soft accent accent-strong", "paper sheet well accent-wash"},
		{text, "good care bad busy", "paper sheet"},
		{text, "bad-strong", "paper sheet bad-wash"},
		{text, "good", "good-wash"},
		{text, "busy", "busy-wash"},
		{text, "care", "care-wash"},
		{text, "bad", "bad-wash"},
		{text, "on-accent", "accent accent-strong"},
		{text, "on-bad", "bad bad-strong"},
		{text, "on-fascia on-fascia-soft fascia-brass", "fascia fascia-deep"},
		{text, "fascia-deep", "fascia-brass"},
		{edge, "edge accent bad", "paper sheet"},
		{edge, "fascia-edge", "fascia"},
	} {
		for theme, colours := range palettes(t) {
			for ink := range strings.FieldsSeq(c.inks) {
				for ground := range strings.FieldsSeq(c.on) {
					if got := contrast(t, colours[ink], colours[ground]); got < c.least {
						t.Errorf("%s: %s on %s has a contrast of %.2f, want %.1f", theme, ink, ground, got, c.least)
					}
				}
			}
		}
	}
}

// palettes reads the named colours of both themes from the stylesheet.
func palettes(t *testing.T) map[string]map[string]string {
	t.Helper()
	css, err := os.ReadFile("css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	day, night := map[string]string{}, map[string]string{}
	token := regexp.MustCompile(`--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);`)
	for _, m := range token.FindAllStringSubmatch(string(css), -1) {
		day[m[1]], night[m[1]] = m[2], m[3]
	}
	return map[string]map[string]string{"light": day, "dark": night}
}

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
