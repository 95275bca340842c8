package picture

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"bookstore/catalogsvc/internal/picture/picturetest"
)

var (
	red   = color.RGBA{0xd0, 0x20, 0x20, 0xff}
	green = color.RGBA{0x20, 0xb0, 0x20, 0xff}
	blue  = color.RGBA{0x20, 0x20, 0xd0, 0xff}
	black = color.RGBA{0, 0, 0, 0xff}
	white = color.RGBA{0xff, 0xff, 0xff, 0xff}
)

// quarters is a picture of which each corner has a colour of its own.
func quarters(width, height int) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for _, quarter := range []struct {
		at image.Point
		c  color.RGBA
	}{
		{image.Pt(0, 0), red}, {image.Pt(width/2, 0), green}, {image.Pt(0, height/2), blue}, {image.Pt(width/2, height/2), black},
	} {
		draw.Draw(m, image.Rectangle{quarter.at, m.Rect.Max}, image.NewUniform(quarter.c), image.Point{}, draw.Src)
	}
	return m
}

func asJPEG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asPNG(t *testing.T, m image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// rendered returns what Render makes of a file.
func rendered(t *testing.T, data []byte) ([]byte, image.Image) {
	t.Helper()
	out, err := Render(t.Context(), data)
	if err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	return out, m
}

func wantSize(t *testing.T, what string, m image.Image, width, height int) {
	t.Helper()
	if got := m.Bounds().Size(); got != image.Pt(width, height) {
		t.Errorf("%s: got %v, want %d by %d", what, got, width, height)
	}
}

// wantColor allows for what compression does to colours.
func wantColor(t *testing.T, what string, got color.Color, want color.RGBA) {
	t.Helper()
	r, g, b, _ := got.RGBA()
	for _, pair := range [][2]int{{int(r >> 8), int(want.R)}, {int(g >> 8), int(want.G)}, {int(b >> 8), int(want.B)}} {
		if diff := pair[0] - pair[1]; diff > 24 || diff < -24 {
			t.Errorf("%s: got %v, want %v", what, got, want)
			return
		}
	}
}

func TestAPictureFitsWithoutBeingEnlarged(t *testing.T) {
	for _, c := range []struct{ width, height, wantWidth, wantHeight int }{
		{3000, 2000, 800, 533},
		{1500, 3000, 600, 1200},
		{2000, 3000, 800, 1200},
		{120, 90, 120, 90},
		{1, 1, 1, 1},
		{9000, 2, 800, 1},
	} {
		m := quarters(c.width, c.height)
		for format, data := range map[string][]byte{"jpeg": asJPEG(t, m), "png": asPNG(t, m), "webp": lossless(c.width, c.height, red)} {
			_, got := rendered(t, data)
			wantSize(t, format, got, c.wantWidth, c.wantHeight)
		}
	}
}

func TestColoursAreKept(t *testing.T) {
	_, m := rendered(t, lossless(30, 20, green))
	wantColor(t, "webp", m.At(15, 10), green)
	_, m = rendered(t, asPNG(t, quarters(2000, 3000)))
	wantColor(t, "png", m.At(790, 10), green)
	_, m = rendered(t, asPNG(t, image.NewNRGBA(image.Rect(0, 0, 20, 20))))
	wantColor(t, "what is transparent", m.At(10, 10), white)
}

func TestAPictureIsTurnedUpright(t *testing.T) {
	const width, height = 64, 96
	upright := quarters(width, height)
	// Where a pixel of the file belongs, by the definition of EXIF: what its
	// first row and its first column are of the scene.
	places := map[byte]func(x, y int) (int, int){
		0: func(x, y int) (int, int) { return x, y },
		1: func(x, y int) (int, int) { return x, y },
		2: func(x, y int) (int, int) { return width - 1 - x, y },              // top, right
		3: func(x, y int) (int, int) { return width - 1 - x, height - 1 - y }, // bottom, right
		4: func(x, y int) (int, int) { return x, height - 1 - y },             // bottom, left
		5: func(x, y int) (int, int) { return y, x },                          // left, top
		6: func(x, y int) (int, int) { return width - 1 - y, x },              // right, top
		7: func(x, y int) (int, int) { return width - 1 - y, height - 1 - x }, // right, bottom
		8: func(x, y int) (int, int) { return y, height - 1 - x },             // left, bottom
		9: func(x, y int) (int, int) { return x, y },                          // nonsense
	}
	for turn, place := range places {
		size := image.Pt(width, height)
		if turn >= 5 && turn <= 8 {
			size = image.Pt(height, width)
		}
		held := image.NewRGBA(image.Rectangle{Max: size})
		for y := range size.Y {
			for x := range size.X {
				atX, atY := place(x, y)
				held.Set(x, y, upright.At(atX, atY))
			}
		}
		for _, bigEndian := range []bool{false, true} {
			tiff := exif(turn, bigEndian)
			for format, data := range map[string][]byte{"jpeg": jpegWith(asJPEG(t, held), tiff), "png": pngWith(asPNG(t, held), "eXIf", tiff)} {
				_, m := rendered(t, data)
				wantSize(t, format, m, width, height)
				for _, at := range []image.Point{{4, 4}, {width - 5, 4}, {4, height - 5}, {width - 5, height - 5}} {
					wantColor(t, format, m.At(at.X, at.Y), upright.RGBAAt(at.X, at.Y))
				}
				if t.Failed() {
					t.Fatalf("orientation %d, big-endian %v", turn, bigEndian)
				}
			}
		}
	}
	_, m := rendered(t, extended(40, 20, "EXIF", exif(6, false), losslessChunk(40, 20, red)))
	wantSize(t, "webp", m, 20, 40)
}

func TestALargePictureIsTurnedToo(t *testing.T) {
	_, m := rendered(t, jpegWith(asJPEG(t, quarters(3000, 2000)), exif(6, false)))
	wantSize(t, "turned", m, 800, 1200)
	wantColor(t, "top left", m.At(10, 10), blue)
}

func TestOnlyThePictureIsKept(t *testing.T) {
	secret := "5.0689 N, 75.5174 W <script>"
	photo := jpegWith(asJPEG(t, quarters(60, 80)), append(exif(1, false), secret...))
	for what, data := range map[string][]byte{
		"EXIF":              photo,
		"after the picture": append(asJPEG(t, quarters(60, 80)), secret...),
		"a text in a PNG":   pngWith(asPNG(t, quarters(60, 80)), "tEXt", []byte("Comment\x00"+secret)),
		"XMP in a WebP":     extended(60, 80, "XMP ", []byte(secret), losslessChunk(60, 80, red)),
	} {
		if !bytes.Contains(data, []byte(secret)) {
			t.Fatalf("%s: the test's own file lacks it", what)
		}
		if out, _ := rendered(t, data); bytes.Contains(out, []byte(secret)) || bytes.Contains(out, []byte("Exif")) {
			t.Errorf("%s is in the result", what)
		}
	}
}

func TestWhatIsNoWholePictureIsRefused(t *testing.T) {
	photo, drawing, web := asJPEG(t, quarters(60, 80)), asPNG(t, quarters(60, 80)), lossless(60, 80, red)
	scans := bytes.Repeat([]byte{0xff, startOfScan, 0, 2}, maxScans)
	for what, data := range map[string][]byte{
		"JPEG: its start":    photo[:4],
		"JPEG: half":         photo[:len(photo)/2],
		"JPEG: only by name": append([]byte{0xff, 0xd8, 0xff, 0xe0}, strings.Repeat("x", 1000)...),
		"JPEG: of no size":   sized(photo, 0, 0),
		"JPEG: many scans":   append(bytes.Clone(photo[:len(photo)-2]), append(scans, 0xff, endOfImage)...),
		"PNG: half":          drawing[:len(drawing)/2],
		"PNG: no picture":    bytes.Replace(drawing, []byte("IDAT"), []byte("IDAX"), 1),
		"WebP: half":         web[:len(web)/2],
		"WebP: in disguise":  extended(10, 10, "XMP ", nil, losslessChunk(16000, 16000, red)),
	} {
		var damaged DamagedError
		if _, err := Render(t.Context(), data); !errors.As(err, &damaged) || !strings.HasPrefix(what, damaged.Kind+":") {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

func TestOtherFilesAreRefusedByTheirKind(t *testing.T) {
	var animation bytes.Buffer
	if err := gif.Encode(&animation, quarters(60, 80), nil); err != nil {
		t.Fatal(err)
	}
	for data, want := range map[string]string{
		animation.String():                   "GIF",
		"\x00\x00\x00\x18ftypheic and so on": "HEIC",
		`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`: "SVG",
		"<!doctype html><title>x</title>":                                         "",
	} {
		var kind KindError
		if _, err := Render(t.Context(), []byte(data)); !errors.As(err, &kind) || kind.Kind != want {
			t.Errorf("%.20q: got %v, want the kind %q", data, err, want)
		}
	}
	if _, err := Render(t.Context(), nil); !errors.Is(err, ErrEmpty) {
		t.Errorf("nothing: got %v", err)
	}
	moves := extended(60, 80, "ANIM", make([]byte, 6), losslessChunk(60, 80, red))
	moves[20] |= 2
	if _, err := Render(t.Context(), moves); !errors.Is(err, ErrAnimated) {
		t.Errorf("an animation: got %v", err)
	}
}

func TestAHugePictureIsRefusedByItsHeader(t *testing.T) {
	inks := picturetest.JPEG{Width: 5000, Height: 4000, Values: []uint8{1, 2, 3, 4}, Progressive: true}
	for what, c := range map[string]struct {
		data []byte
		most int64
	}{
		"JPEG":             {sized(asJPEG(t, quarters(60, 80)), 65500, 65500), MaxPixels},
		"PNG":              {pngHeader(100_000, 100_000), MaxPixels},
		"WebP":             {lossless(16000, 16000, red), MaxPixels},
		"just":             {pngHeader(8000, 5001), MaxPixels},
		"progressive inks": {inks.File(), MaxMemory / 24},
	} {
		var large TooManyPixelsError
		if _, err := Render(t.Context(), c.data); !errors.As(err, &large) || large.Max != c.most {
			t.Errorf("%s: got %v", what, err)
		}
	}
}
