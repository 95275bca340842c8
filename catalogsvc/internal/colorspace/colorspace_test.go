package colorspace_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"bookstore/catalogsvc/internal/colorspace"
	"bookstore/catalogsvc/internal/picture/picturetest"
)

func converter(t *testing.T, profile []byte) *colorspace.Converter {
	t.Helper()
	c, err := colorspace.ICC(profile)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// wantSRGB allows for rounding.
func wantSRGB(t *testing.T, what string, c *colorspace.Converter, in [4]uint8, want [3]uint8) {
	t.Helper()
	r, g, b := c.SRGB(in)
	for i, got := range []uint8{r, g, b} {
		if diff := int(got) - int(want[i]); diff > 1 || diff < -1 {
			t.Errorf("%s: %v became %d, %d, %d, want %v", what, in, r, g, b, want)
			return
		}
	}
}

// What Little CMS makes of the same colours, by the same intent.
func TestProfilesAreFollowed(t *testing.T) {
	adobe, p3 := converter(t, picturetest.AdobeRGB()), converter(t, picturetest.DisplayP3())
	wantSRGB(t, "Adobe RGB", adobe, [4]uint8{144, 200, 60}, [3]uint8{113, 201, 37})
	wantSRGB(t, "Adobe RGB's green is greener than any", adobe, [4]uint8{0, 200, 0}, [3]uint8{0, 201, 0})
	wantSRGB(t, "Display P3", p3, [4]uint8{200, 100, 50}, [3]uint8{215, 93, 31})
	wantSRGB(t, "grey", converter(t, picturetest.Grey(1.8)), [4]uint8{128}, [3]uint8{147, 147, 147})
	for _, c := range []*colorspace.Converter{adobe, p3} {
		wantSRGB(t, "white", c, [4]uint8{255, 255, 255}, [3]uint8{255, 255, 255})
		wantSRGB(t, "black", c, [4]uint8{}, [3]uint8{})
	}
}

func TestTablesOfPrintAreFollowed(t *testing.T) {
	for _, kind := range []string{picturetest.Table8, picturetest.Table16, picturetest.TableV4} {
		c := converter(t, picturetest.Print(kind))
		wantSRGB(t, kind+": paper", c, [4]uint8{}, [3]uint8{255, 255, 255})
		wantSRGB(t, kind+": all inks", c, [4]uint8{255, 255, 255, 255}, [3]uint8{})
		wantSRGB(t, kind+": magenta", c, [4]uint8{0, 255}, [3]uint8{214, 0, 125})
		wantSRGB(t, kind+": between", c, [4]uint8{197, 0, 255}, [3]uint8{29, 169, 57})
		wantSRGB(t, kind+": orange", c, [4]uint8{0, 80, 255}, [3]uint8{253, 183, 12})
		wantSRGB(t, kind+": dark cyan", c, [4]uint8{255, 0, 0, 100}, [3]uint8{0, 102, 137})
	}
}

func TestInksWithoutAProfileLookPrinted(t *testing.T) {
	c := colorspace.Ink()
	wantSRGB(t, "paper", c, [4]uint8{}, [3]uint8{255, 255, 255})
	wantSRGB(t, "green", c, [4]uint8{197, 0, 255}, [3]uint8{58, 183, 64})
	wantSRGB(t, "black", c, [4]uint8{0, 0, 0, 255}, [3]uint8{35, 31, 32})
}

func TestPrimariesMakeASpace(t *testing.T) {
	same, err := colorspace.SRGBPrimaries.WithGamma(0)
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []uint8{0, 1, 20, 128, 200, 255} {
		wantSRGB(t, "sRGB", same, [4]uint8{v, 255 - v, v / 2}, [3]uint8{v, 255 - v, v / 2})
	}
	p3, err := colorspace.DisplayP3Primaries.WithGamma(0)
	if err != nil {
		t.Fatal(err)
	}
	wantSRGB(t, "Display P3", p3, [4]uint8{200, 100, 50}, [3]uint8{215, 93, 31})
	for what, p := range map[string]colorspace.Primaries{
		"none": {}, "all the same": {White: [2]float64{.3, .3}, Red: [2]float64{.3, .3}, Green: [2]float64{.3, .3}, Blue: [2]float64{.3, .3}},
	} {
		if _, err := p.WithGamma(0); err == nil {
			t.Errorf("%s make a space", what)
		}
	}
}

func TestDamagedProfilesAreRefused(t *testing.T) {
	for what, whole := range map[string][]byte{
		"a matrix": picturetest.AdobeRGB(), "a formula": picturetest.DisplayP3(), "grey": picturetest.Grey(2.2),
		"8 bits": picturetest.Print(picturetest.Table8), "16 bits": picturetest.Print(picturetest.Table16), "version 4": picturetest.Print(picturetest.TableV4),
	} {
		for length := range whole {
			if c, err := colorspace.ICC(whole[:length]); err == nil {
				t.Fatalf("%s: %d bytes of %d became %v", what, length, len(whole), c)
			}
		}
	}
	tags := picturetest.AdobeRGB()
	binary.BigEndian.PutUint32(tags[128:], 1<<31)
	for what, data := range map[string][]byte{
		"nothing": nil, "no profile": make([]byte, 1000), "a thousand million tags": tags,
		"a scanner's space": bytes.Replace(picturetest.AdobeRGB(), []byte("RGB "), []byte("HSV "), 1),
		"CMYK by a matrix":  bytes.Replace(picturetest.AdobeRGB(), []byte("RGB "), []byte("CMYK"), 1),
		"grey by CMYK":      bytes.Replace(picturetest.Print(picturetest.Table16), []byte("CMYK"), []byte("GRAY"), 1),
	} {
		if _, err := colorspace.ICC(data); err == nil {
			t.Errorf("%s is a profile", what)
		}
	}
}

// FuzzICC looks for a profile that stops the program.
func FuzzICC(f *testing.F) {
	for _, seed := range [][]byte{picturetest.AdobeRGB(), picturetest.DisplayP3(), picturetest.Grey(1.8),
		picturetest.Print(picturetest.Table8), picturetest.Print(picturetest.Table16), picturetest.Print(picturetest.TableV4)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := colorspace.ICC(data)
		if err != nil {
			return
		}
		for _, in := range [][4]uint8{{}, {255, 255, 255, 255}, {1, 99, 200, 33}} {
			c.SRGB(in)
		}
	})
}
