package picture

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/color"
	"slices"
)

// exif is a TIFF directory that tells nothing but an orientation.
func exif(turn byte, bigEndian bool) []byte {
	if bigEndian {
		return append([]byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00"), turn, 0, 0, 0, 0, 0, 0)
	}
	return append([]byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00"), turn, 0, 0, 0, 0, 0, 0, 0)
}

// jpegWith puts EXIF into a JPEG file, as cameras do.
func jpegWith(jpeg, tiff []byte) []byte {
	content := append([]byte(exifPrefix), tiff...)
	segment := binary.BigEndian.AppendUint16([]byte{0xff, application}, uint16(len(content)+2))
	return slices.Concat(jpeg[:2], segment, content, jpeg[2:])
}

// sized lets a JPEG file claim another size.
func sized(jpeg []byte, width, height uint16) []byte {
	jpeg = bytes.Clone(jpeg)
	at := bytes.Index(jpeg, []byte{0xff, 0xc0}) // the start of the frame
	binary.BigEndian.PutUint16(jpeg[at+5:], height)
	binary.BigEndian.PutUint16(jpeg[at+7:], width)
	return jpeg
}

// headerEnd is where the first chunk of a PNG file ends.
const headerEnd = 8 + 8 + 13 + 4

// pngWith puts a chunk into a PNG file, behind its header.
func pngWith(png []byte, name string, content []byte) []byte {
	return slices.Concat(png[:headerEnd], pngChunkOf(name, content), png[headerEnd:])
}

// pngHeader is the beginning of a PNG file that claims a size.
func pngHeader(width, height uint32) []byte {
	header := binary.BigEndian.AppendUint32(nil, width)
	header = binary.BigEndian.AppendUint32(header, height)
	return append([]byte(pngSignature), pngChunkOf("IHDR", append(header, 8, 2, 0, 0, 0))...)
}

func pngChunkOf(name string, content []byte) []byte {
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(content)))
	chunk = append(append(chunk, name...), content...)
	return binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
}

// lossless is a WebP file of one colour.
func lossless(width, height int, c color.RGBA) []byte {
	return riff(losslessChunk(width, height, c))
}

// extended is a WebP file with a further chunk, before that of the picture.
func extended(width, height int, name string, content, picture []byte) []byte {
	canvas := make([]byte, 10)
	canvas[4], canvas[5] = byte(width-1), byte((width-1)>>8)
	canvas[7], canvas[8] = byte(height-1), byte((height-1)>>8)
	return riff(slices.Concat(riffChunkOf("VP8X", canvas), riffChunkOf(name, content), picture))
}

func riff(chunks []byte) []byte { return riffChunkOf("RIFF", append([]byte("WEBP"), chunks...)) }

func riffChunkOf(name string, content []byte) []byte {
	chunk := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(content)))
	chunk = append(chunk, content...)
	if len(content)%2 == 1 {
		chunk = append(chunk, 0)
	}
	return chunk
}

// losslessChunk is a picture of one colour: each of its codes has one symbol
// only, so that a pixel takes no bits.
func losslessChunk(width, height int, c color.RGBA) []byte {
	var b bits
	b.add(0x2f, 8)
	b.add(width-1, 14)
	b.add(height-1, 14)
	b.add(0, 1+3+3) // no alpha, version, no transforms, cache or groups of codes
	for _, symbol := range []uint8{c.G, c.R, c.B, c.A} {
		b.add(0b101, 3) // a simple code, of one symbol, in eight bits
		b.add(int(symbol), 8)
	}
	b.add(0b0001, 4) // distances: a simple code, of one symbol, in one bit: 0
	return riffChunkOf("VP8L", append(b.bytes, make([]byte, 8)...))
}

// bits are written from the lowest on.
type bits struct {
	bytes []byte
	n     int
}

func (b *bits) add(value, count int) {
	for i := range count {
		if b.n%8 == 0 {
			b.bytes = append(b.bytes, 0)
		}
		b.bytes[b.n/8] |= byte(value>>i&1) << (b.n % 8)
		b.n++
	}
}
