package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"testing"

	"bookstore/catalogsvc/internal/picture/picturetest"
)

// wantClose allows for a step that compression makes of one colour.
func wantClose(t *testing.T, what string, file []byte, want color.RGBA) {
	t.Helper()
	_, m := rendered(t, file)
	r, g, b, _ := m.At(m.Bounds().Dx()/2, m.Bounds().Dy()/2).RGBA()
	got := color.RGBA{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8), 255}
	for _, pair := range [][2]uint8{{got.R, want.R}, {got.G, want.G}, {got.B, want.B}} {
		if diff := int(pair[0]) - int(pair[1]); diff > 4 || diff < -4 {
			t.Errorf("%s: got %v, want %v", what, got, want)
			return
		}
	}
}

func plain(c color.Color) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 60))
	draw.Draw(m, m.Rect, image.NewUniform(c), image.Point{}, draw.Src)
	return m
}

// packedProfile is the content of a PNG's iCCP.
func packedProfile(t *testing.T, profile []byte) []byte {
	t.Helper()
	out := bytes.NewBufferString("a name\x00\x00")
	w := zlib.NewWriter(out)
	if _, err := w.Write(profile); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func inHundredThousandths(values ...float64) (out []byte) {
	for _, v := range values {
		out = binary.BigEndian.AppendUint32(out, uint32(v*100000+0.5))
	}
	return out
}

func TestProfilesAreConvertedToSRGB(t *testing.T) {
	// sRGB's (0, 200, 0) as a program writes it that works in Adobe RGB.
	wide, want := color.RGBA{113, 199, 48, 255}, color.RGBA{9, 200, 5, 255}
	profile := picturetest.AdobeRGB()
	gamut := inHundredThousandths(0.3127, 0.3290, 0.64, 0.33, 0.21, 0.71, 0.15, 0.06)
	wantClose(t, "JPEG", picturetest.WithICC(asJPEG(t, plain(wide)), profile), want)
	wantClose(t, "PNG", pngWith(asPNG(t, plain(wide)), "iCCP", packedProfile(t, profile)), want)
	wantClose(t, "PNG of a palette", pngWith(asPNG(t, palette(wide)), "iCCP", packedProfile(t, profile)), want)
	wantClose(t, "WebP", extended(40, 60, "ICCP", profile, losslessChunk(40, 60, wide)), want)
	wantClose(t, "cHRM and gAMA", pngWith(pngWith(asPNG(t, plain(wide)), "cHRM", gamut), "gAMA", inHundredThousandths(1/2.19921875)), want)
	wantClose(t, "cICP", pngWith(asPNG(t, plain(color.RGBA{200, 100, 50, 255})), "cICP", []byte{12, 13, 0, 1}), color.RGBA{215, 93, 31, 255})
	wantClose(t, "grey", pngWith(asPNG(t, grey(128)), "iCCP", packedProfile(t, picturetest.Grey(1.8))), color.RGBA{147, 147, 147, 255})
	wantClose(t, "linear light", pngWith(asPNG(t, plain(color.RGBA{55, 55, 55, 255})), "gAMA", inHundredThousandths(1)), color.RGBA{128, 128, 128, 255})
}

func TestWhatSaysNothingOrNonsenseOfColoursIsSRGB(t *testing.T) {
	c := color.RGBA{113, 199, 48, 255}
	jpeg, png, profile := asJPEG(t, plain(c)), asPNG(t, plain(c)), picturetest.AdobeRGB()
	for what, data := range map[string][]byte{
		"none": jpeg, "a damaged profile": picturetest.WithICC(jpeg, profile[:200]),
		"one for inks": picturetest.WithICC(jpeg, picturetest.Print(picturetest.Table16)),
		"one for grey": picturetest.WithICC(jpeg, picturetest.Grey(1.8)),
		"sRGB":         pngWith(pngWith(png, "gAMA", inHundredThousandths(1)), "sRGB", []byte{0}),
		"usual gamma":  pngWith(png, "gAMA", inHundredThousandths(0.45455)),
		"no gamma":     pngWith(png, "gAMA", inHundredThousandths(0)),
		"no gamut":     pngWith(png, "cHRM", make([]byte, 32)),
		"no profile":   pngWith(png, "iCCP", []byte("a name\x00\x00nothing")),
		"a film's":     pngWith(png, "cICP", []byte{9, 16, 0, 1}),
	} {
		wantClose(t, what, data, c)
	}
}

func TestInksBecomeWhatTheyLookPrinted(t *testing.T) {
	inks := []uint8{255 - 197, 255, 0, 255} // as Adobe writes them: less is more
	file := picturetest.JPEG{Width: 40, Height: 60, Values: inks, Adobe: 0}
	wantClose(t, "without a profile", file.File(), color.RGBA{58, 183, 64, 255})
	for _, kind := range []string{picturetest.Table8, picturetest.Table16, picturetest.TableV4} {
		file.Profile = picturetest.Print(kind)
		wantClose(t, kind, file.File(), color.RGBA{29, 169, 57, 255})
		y, cb, cr := color.RGBToYCbCr(197, 0, 255)
		ycck := picturetest.JPEG{Width: 40, Height: 60, Values: []uint8{y, cb, cr, inks[3]}, Adobe: 2, Profile: file.Profile}
		wantClose(t, kind+", YCCK", ycck.File(), color.RGBA{29, 169, 57, 255})
		unmarked := file
		unmarked.Adobe = -1
		wantClose(t, kind+", without Adobe's marker", unmarked.File(), color.RGBA{29, 169, 57, 255})
		unmarked.Progressive = true
		wantClose(t, kind+", progressive", unmarked.File(), color.RGBA{29, 169, 57, 255})
	}
}

func TestTransparencyIsConvertedToo(t *testing.T) {
	half := image.NewNRGBA(image.Rect(0, 0, 40, 60))
	draw.Draw(half, half.Rect, image.NewUniform(color.NRGBA{144, 200, 60, 128}), image.Point{}, draw.Src)
	wantClose(t, "half of Adobe RGB", pngWith(asPNG(t, half), "iCCP", packedProfile(t, picturetest.AdobeRGB())), color.RGBA{184, 228, 146, 255})
}

func TestSixteenBitsAreKept(t *testing.T) {
	deep := image.NewNRGBA64(image.Rect(0, 0, 1600, 100))
	draw.Draw(deep, deep.Rect, image.NewUniform(color.NRGBA64{0x7100, 0xc700, 0x3000, 0xffff}), image.Point{}, draw.Src)
	wantClose(t, "NRGBA64", asPNG(t, deep), color.RGBA{113, 199, 48, 255})
}

func palette(c color.Color) image.Image {
	m := image.NewPaletted(image.Rect(0, 0, 40, 60), color.Palette{c, color.Black})
	return m
}

func grey(v uint8) image.Image {
	m := image.NewGray(image.Rect(0, 0, 40, 60))
	for i := range m.Pix {
		m.Pix[i] = v
	}
	return m
}
