// Package picture makes of any photograph one that is fit to be shown: upright,
// small, in the colours of sRGB, and without what its camera wrote into it.
package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // one of the formats

	"bookstore/shared/catalogapi"

	_ "golang.org/x/image/webp" // one of the formats
)

// What Render makes, in pixels: as large as fits.
const (
	Width  = 800
	Height = 1200
)

// MaxPixels bounds what Render takes. A kind of file that needs much memory for
// each pixel may have fewer; see TooManyPixelsError.
const MaxPixels = 40_000_000

const (
	quality = 85
	// maxScans bounds how often a JPEG may draw over itself. Cameras and
	// programs need some ten scans; thousands would fit into a small file and
	// keep a processor busy for minutes.
	maxScans = 100
)

var (
	// ErrEmpty is a file without content.
	ErrEmpty = errors.New("an empty file")
	// ErrAnimated is a WebP file that moves.
	ErrAnimated = errors.New("an animated picture")
	// ErrBusy says that other pictures need the memory, and did for long.
	ErrBusy = errors.New("no memory for another picture")
)

// KindError is a file of a kind that Render does not read.
type KindError struct {
	Kind string // its name, such as "HEIC"; empty if it is not known
}

func (e KindError) Error() string { return fmt.Sprintf("a file of the kind %q", e.Kind) }

// DamagedError is a file of a kind that Render reads that is no whole picture.
type DamagedError struct {
	Kind string // its name, such as "JPEG"
	why  error
}

func (e DamagedError) Error() string { return fmt.Sprintf("a damaged %s: %v", e.Kind, e.why) }

// Unwrap returns what its decoder says.
func (e DamagedError) Unwrap() error { return e.why }

// TooManyPixelsError is a picture that has too many pixels.
type TooManyPixelsError struct {
	Max int64 // that a file of this kind may have
}

func (e TooManyPixelsError) Error() string { return fmt.Sprintf("more than %d pixels", e.Max) }

// Render returns the picture in data, a JPEG, PNG or WebP file, as a JPEG that
// fits into Width and Height; smaller ones are not enlarged. It turns the
// picture upright, converts its colours to sRGB by its profile, lays it on
// white, and leaves out everything that is no picture, such as the place where
// it was taken.
//
// All calls together need no more than MaxMemory for pictures. One waits for its
// turn until ctx ends or, at the longest, some seconds; then it returns ErrBusy.
// What is wrong with a file it says by ErrEmpty, ErrAnimated, KindError,
// DamagedError or TooManyPixelsError.
func Render(ctx context.Context, data []byte) ([]byte, error) {
	f, err := inspect(data)
	if err != nil {
		return nil, err
	}
	return f.render(ctx, size{Width, Height})
}

// Resize returns a picture that Render has made in another width, at most
// Width, and as high as its sides demand; smaller ones are not enlarged. It waits
// as Render does.
func Resize(ctx context.Context, data []byte, width int) ([]byte, error) {
	f, err := inspect(data)
	if err != nil {
		return nil, err
	}
	return f.render(ctx, size{width, Height})
}

// size is what a picture has to fit into, in pixels.
type size struct{ width, height int }

func (f file) render(ctx context.Context, most size) ([]byte, error) {
	release, err := reserve(ctx, f.memory)
	if err != nil {
		return nil, err
	}
	defer release()
	turn := orientationIn(f.data)
	small, err := decodeSmall(f, turn, most)
	if err != nil {
		return nil, DamagedError{f.kind, err}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, turn.upright(small), &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode a picture: %w", err)
	}
	return out.Bytes(), nil
}

// decodeSmall decodes a file and returns its picture in a size that fits when
// it is upright, in sRGB. The large picture can be forgotten after that.
func decodeSmall(f file, turn orientation, most size) (*image.RGBA, error) {
	whole, _, err := image.Decode(bytes.NewReader(f.data))
	if err != nil {
		return nil, err
	}
	small := shrink(whole, turn, most)
	return small.inSRGB(profileOf(f)), nil
}

// file is a picture's file by its own account.
type file struct {
	data   []byte
	kind   string // one of catalogapi's names
	memory int64  // in bytes, that its decoder needs
}

// inspect reads what a file says of itself, before any memory is spent on it.
func inspect(data []byte) (file, error) {
	f := file{data: data, kind: catalogapi.PictureKind(data)}
	switch {
	case len(data) == 0:
		return f, ErrEmpty
	case catalogapi.CoverType(f.kind) == "":
		return f, KindError{f.kind}
	case catalogapi.PictureMoves(data):
		return f, ErrAnimated
	}
	if f.kind == catalogapi.PictureJPEG {
		f.data = withInkMarker(data)
	}
	header, _, err := image.DecodeConfig(bytes.NewReader(f.data))
	if err != nil {
		return f, DamagedError{f.kind, err}
	}
	pixels := int64(header.Width) * int64(header.Height)
	perPixel := bytesPerPixel(f)
	most := min(MaxPixels, int64(MaxMemory/perPixel))
	switch {
	case pixels <= 0:
		return f, DamagedError{f.kind, fmt.Errorf("it is %d by %d", header.Width, header.Height)}
	case pixels > most:
		return f, TooManyPixelsError{most}
	case f.kind == catalogapi.PictureJPEG && scansIn(data) > maxScans:
		return f, DamagedError{f.kind, fmt.Errorf("more than %d scans", maxScans)}
	}
	f.memory = int64(float64(pixels) * perPixel)
	return f, nil
}
