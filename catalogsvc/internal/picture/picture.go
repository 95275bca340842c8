// Package picture makes of any photograph one that is fit to be shown: upright,
// small, and without what its camera wrote into it.
package picture

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	_ "image/png" // one of formats
	"slices"

	"golang.org/x/image/draw"
	_ "golang.org/x/image/webp" // one of formats
	"golang.org/x/sync/semaphore"
)

// What Render makes, in pixels: as large as fits.
const (
	Width  = 800
	Height = 1200
)

// MaxPixels bounds what Render takes.
const MaxPixels = 40_000_000

const (
	quality = 85
	// maxScans bounds how often a JPEG may draw over itself. Cameras and
	// programs need some ten scans; thousands would fit into a small file and
	// keep a processor busy for minutes.
	maxScans = 100
)

// formats are those that Render reads, whatever else this program can decode.
var formats = []string{"jpeg", "png", "webp"}

var (
	// ErrFormat is a file that is no whole JPEG, PNG or WebP picture.
	ErrFormat = errors.New("no whole picture of a known format")
	// ErrTooManyPixels is a picture of more than MaxPixels.
	ErrTooManyPixels = errors.New("too many pixels")
)

// decoding bounds the memory that this process needs for pictures: as many are
// decoded at a time as have MaxPixels together.
var decoding = semaphore.NewWeighted(MaxPixels)

// Render returns the picture in data, a JPEG, PNG or WebP file, as a JPEG that
// fits into Width and Height; smaller ones are not enlarged. It turns the
// picture upright, lays it on white, and leaves out everything that is no
// picture, such as the place where it was taken. It may wait for its turn,
// until ctx ends. It returns ErrFormat or ErrTooManyPixels.
func Render(ctx context.Context, data []byte) ([]byte, error) {
	pixels, err := measure(data)
	if err != nil {
		return nil, err
	}
	if err := decoding.Acquire(ctx, pixels); err != nil {
		return nil, fmt.Errorf("wait to decode a picture: %w", err)
	}
	defer decoding.Release(pixels)
	whole, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	turn := orientationIn(data)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, turn.upright(shrink(whole, turn)), &jpeg.Options{Quality: quality}); err != nil {
		return nil, fmt.Errorf("encode a picture: %w", err)
	}
	return out.Bytes(), nil
}

// measure returns the number of pixels by the file's own account, before any
// memory is spent on them.
func measure(data []byte) (int64, error) {
	header, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return 0, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	pixels := int64(header.Width) * int64(header.Height)
	switch {
	case !slices.Contains(formats, format):
		return 0, fmt.Errorf("%w: %s", ErrFormat, format)
	case pixels <= 0:
		return 0, fmt.Errorf("%w: it is %d by %d", ErrFormat, header.Width, header.Height)
	case pixels > MaxPixels:
		return 0, ErrTooManyPixels
	case format == "jpeg" && scansIn(data) > maxScans:
		return 0, fmt.Errorf("%w: more than %d scans", ErrFormat, maxScans)
	}
	return pixels, nil
}

// shrink returns whole on white, in a size that fits when it is upright.
func shrink(whole image.Image, turn orientation) *image.RGBA {
	from := whole.Bounds()
	width, height := Width, Height
	if turn.swapsSides() {
		width, height = height, width
	}
	scale := min(1, float64(width)/float64(from.Dx()), float64(height)/float64(from.Dy()))
	small := image.NewRGBA(image.Rect(0, 0, scaled(from.Dx(), scale), scaled(from.Dy(), scale)))
	draw.Draw(small, small.Bounds(), image.White, image.Point{}, draw.Src)
	draw.CatmullRom.Scale(small, small.Bounds(), whole, from, draw.Over, nil)
	return small
}

func scaled(length int, scale float64) int { return max(1, int(float64(length)*scale+0.5)) }
