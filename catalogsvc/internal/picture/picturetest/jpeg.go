package picturetest

import (
	"encoding/binary"
	"slices"
)

// JPEG describes a JPEG file of one colour, which may be of any size and of
// kinds that Go's encoder does not write.
type JPEG struct {
	Width, Height int
	Values        []uint8 // of its components, as the file has them
	Adobe         int     // the transform that Adobe's marker tells; none if it is negative
	Progressive   bool
	Coarse        bool // components but the first have a quarter of the samples
	Profile       []byte
}

// File returns the file.
func (j JPEG) File() []byte {
	out := []byte{0xff, 0xd8}
	if j.Adobe >= 0 {
		out = append(out, segment(0xee, append([]byte("Adobe\x00\x64\x00\x00\x00\x00"), byte(j.Adobe)))...)
	}
	if j.Profile != nil {
		out = append(out, ICCSegments(j.Profile)...)
	}
	frame, scan, last := byte(0xc0), []byte{0, 63, 0}, 1
	if j.Progressive {
		frame, scan, last = 0xc2, []byte{0, 0, 0}, 0
	}
	// What is multiplied by 8 in a block's mean is 1 in a sample.
	out = append(out, segment(0xdb, append([]byte{0}, slices.Repeat([]byte{8}, 64)...))...)
	out = append(out, segment(frame, j.frame())...)
	// No difference is 0; others are five bits long. The end of a block is 0.
	out = append(out, segment(0xc4, append([]byte{0x00, 1, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9))...)
	out = append(out, segment(0xc4, append([]byte{0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, 0))...)
	head := []byte{byte(len(j.Values))}
	for i := range j.Values {
		head = append(head, byte(i+1), 0)
	}
	out = append(out, segment(0xda, append(head, scan...))...)
	return append(append(out, j.blocks(last)...), 0xff, 0xd9)
}

func (j JPEG) frame() []byte {
	out := binary.BigEndian.AppendUint16([]byte{8}, uint16(j.Height))
	out = binary.BigEndian.AppendUint16(out, uint16(j.Width))
	out = append(out, byte(len(j.Values)))
	for i := range j.Values {
		out = append(out, byte(i+1), j.sampling(i), 0)
	}
	return out
}

func (j JPEG) sampling(component int) byte {
	if j.Coarse && component == 0 {
		return 0x22
	}
	return 0x11
}

// blocks are 0 but for the first of each component, which has its value.
func (j JPEG) blocks(bitsAtEnd int) []byte {
	side := 8
	if j.Coarse {
		side = 16
	}
	units := ((j.Width + side - 1) / side) * ((j.Height + side - 1) / side)
	var b bigEndianBits
	perUnit := 0
	for i, v := range j.Values {
		b.mean(int(v) - 128)
		b.add(0, bitsAtEnd)
		blocks := int(j.sampling(i)>>4) * int(j.sampling(i)&15)
		b.add(0, (blocks-1)*(1+bitsAtEnd))
		perUnit += blocks * (1 + bitsAtEnd)
	}
	b.add(0, (units-1)*perUnit)
	return b.stuffed()
}

// bigEndianBits are written from the highest on.
type bigEndianBits struct {
	bytes []byte
	n     int
}

func (b *bigEndianBits) add(value, count int) {
	if need := (b.n+count+7)/8 - len(b.bytes); need > 0 {
		b.bytes = append(b.bytes, make([]byte, need)...)
	}
	for i := count - 1; i >= 0 && value != 0; i-- {
		if value>>i&1 == 1 {
			at := b.n + count - 1 - i
			b.bytes[at/8] |= 0x80 >> (at % 8)
		}
	}
	b.n += count
}

// mean writes how much a block's mean differs from none.
func (b *bigEndianBits) mean(v int) {
	size, bits := 0, v
	for rest := max(v, -v); rest > 0; rest >>= 1 {
		size++
	}
	if v < 0 {
		bits = v + 1<<size - 1
	}
	if size == 0 {
		b.add(0, 1)
		return
	}
	b.add(0b10000+size-1, 5)
	b.add(bits, size)
}

// stuffed marks what would look like a marker.
func (b *bigEndianBits) stuffed() []byte {
	out := make([]byte, 0, len(b.bytes))
	for _, v := range b.bytes {
		if out = append(out, v); v == 0xff {
			out = append(out, 0)
		}
	}
	return out
}

// WithICC puts a profile into a JPEG file.
func WithICC(jpeg, profile []byte) []byte {
	return slices.Concat(jpeg[:2], ICCSegments(profile), jpeg[2:])
}

// ICCSegments holds a profile in two parts, the second of which comes first.
func ICCSegments(profile []byte) []byte {
	half := len(profile) / 2
	part := func(number byte, content []byte) []byte {
		return segment(0xe2, append([]byte{'I', 'C', 'C', '_', 'P', 'R', 'O', 'F', 'I', 'L', 'E', 0, number, 2}, content...))
	}
	return slices.Concat(part(2, profile[half:]), part(1, profile[:half]))
}

func segment(marker byte, content []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(content)+2)), content...)
}
