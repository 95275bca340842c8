package picture

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"time"

	"bookstore/shared/catalogapi"

	"golang.org/x/sync/semaphore"
)

// MaxMemory bounds the memory in bytes that this process needs for decoded
// pictures, all together. It has room for one of MaxPixels of any kind but
// progressive JPEGs of the finest colours or of four inks.
const MaxMemory = 384 << 20

// LongestWait is how long a picture waits for others to be finished.
const LongestWait = 15 * time.Second

// collected is from which size on the memory of a picture is given back at
// once: left to its own, the runtime keeps as much garbage as there is use.
const collected = 8 << 20

var decoding = semaphore.NewWeighted(MaxMemory)

// reserve waits until so many bytes may be used. Release gives them back; the
// picture must not be in use any more.
func reserve(ctx context.Context, memory int64) (release func(), err error) {
	waiting, cancel := context.WithTimeout(ctx, LongestWait)
	defer cancel()
	if err := decoding.Acquire(waiting, memory); err != nil {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("wait to decode a picture: %w", ctx.Err())
		}
		return nil, ErrBusy
	}
	return func() {
		if memory >= collected {
			runtime.GC()
		}
		decoding.Release(memory)
	}, nil
}

// bytesPerPixel returns how much memory the decoder of a file takes for each of
// its pixels, at most.
func bytesPerPixel(f file) float64 {
	switch f.kind {
	case catalogapi.PictureJPEG:
		return jpegBytesPerPixel(f.data)
	case catalogapi.PicturePNG:
		return pngBytesPerPixel(f.data)
	}
	return webpBytesPerPixel(f.data)
}

// jpegBytesPerPixel counts a byte for each sample; four more for each of a
// progressive file, whose coefficients are kept; and a picture of four bytes
// into which the decoder copies what is not of three components as usual.
func jpegBytesPerPixel(data []byte) float64 {
	for marker, content := range header(data) {
		if !isFrame(marker) || len(content) < 6 {
			continue
		}
		components := int(content[5])
		samples := samplesPerPixel(content[6:], components)
		if marker == progressiveFrame {
			samples *= 5
		}
		if _, marked := adobeTransform(data); components == 4 || components == 3 && marked {
			samples += 4
		}
		return samples
	}
	return 4 // without a frame, which is an error of its own
}

// samplesPerPixel adds up the components of a frame, of which some may be coarser.
func samplesPerPixel(content []byte, components int) (sum float64) {
	largest := 1
	areas := make([]int, 0, 4)
	for i := 0; i < components && 3*i+1 < len(content); i++ {
		area := int(content[3*i+1]>>4) * int(content[3*i+1]&15)
		areas = append(areas, area)
		largest = max(largest, area)
	}
	for _, area := range areas {
		sum += float64(area) / float64(largest)
	}
	return max(1, sum)
}

// pngBytesPerPixel goes by the header: 16 bits take eight bytes, colours of a
// palette one. An interlaced file is decoded into parts as well, of which the
// last is half of it.
func pngBytesPerPixel(data []byte) float64 {
	const depthAt, palette = 24, 3
	if len(data) < depthAt+5 {
		return 4
	}
	size := 4.0
	switch {
	case data[depthAt] == 16:
		size = 8
	case data[depthAt+1] == palette:
		size = 1
	}
	if data[depthAt+4] != 0 {
		size *= 1.5
	}
	return size
}

// webpBytesPerPixel is two for simple photographs. Lossless pictures, and what
// is transparent of others, are decoded into four bytes and copied once.
func webpBytesPerPixel(data []byte) float64 {
	if bytes.HasPrefix(data[min(12, len(data)):], []byte("VP8 ")) {
		return 2
	}
	return 9
}
