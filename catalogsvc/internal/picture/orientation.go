package picture

import (
	"bytes"
	"encoding/binary"
	"image"
)

// orientation is how a camera was held, in EXIF's numbers: 1 is upright, 6 is
// to be turned to the right. Zero stands for upright as well.
type orientation uint16

// swapsSides reports whether the upright picture is as wide as this one is high.
func (o orientation) swapsSides() bool { return o >= 5 }

// upright returns the picture as its photographer saw it.
func (o orientation) upright(held *image.RGBA) *image.RGBA {
	if o <= 1 {
		return held
	}
	width, height := held.Rect.Dx(), held.Rect.Dy()
	if o.swapsSides() {
		width, height = height, width
	}
	turned := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			turned.SetRGBA(x, y, held.RGBAAt(o.source(x, y, held.Rect.Dx()-1, held.Rect.Dy()-1)))
		}
	}
	return turned
}

// source returns where the pixel at x, y of the upright picture comes from;
// right and bottom are the last pixels of the one that was held.
func (o orientation) source(x, y, right, bottom int) (int, int) {
	switch o {
	case 2:
		return right - x, y
	case 3:
		return right - x, bottom - y
	case 4:
		return x, bottom - y
	case 5:
		return y, x
	case 6:
		return y, bottom - x
	case 7:
		return right - y, bottom - x
	default: // 8
		return right - y, x
	}
}

// orientationIn returns the orientation that a picture's file tells. What
// makes no sense counts as upright.
func orientationIn(data []byte) orientation {
	tiff := bytes.TrimPrefix(exifIn(data), []byte(exifPrefix))
	var order binary.ByteOrder
	switch {
	case bytes.HasPrefix(tiff, []byte("II*\x00")):
		order = binary.LittleEndian
	case bytes.HasPrefix(tiff, []byte("MM\x00*")):
		order = binary.BigEndian
	}
	if order == nil || len(tiff) < 8 {
		return 0
	}
	return orientationTag(tiff, order)
}

// orientationTag looks through the first directory of a TIFF file.
func orientationTag(tiff []byte, order binary.ByteOrder) orientation {
	const tag, entrySize = 0x0112, 12
	start := int64(order.Uint32(tiff[4:]))
	if start+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[start+2:]
	for range order.Uint16(tiff[start:]) {
		if len(entries) < entrySize {
			return 0
		}
		if o := orientation(order.Uint16(entries[8:])); order.Uint16(entries) == tag && o <= 8 {
			return o
		}
		entries = entries[entrySize:]
	}
	return 0
}
