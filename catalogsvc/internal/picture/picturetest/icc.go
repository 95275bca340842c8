// Package picturetest makes pictures' files and colour profiles for tests.
package picturetest

import (
	"bytes"
	"encoding/binary"
	"slices"
)

// tag is a part of a profile.
type tag struct {
	name    string
	content []byte
}

// AdobeRGB is a profile of Adobe's wide RGB: three primaries and a gamma.
func AdobeRGB() []byte {
	return profile("RGB ", "XYZ ",
		tag{"rXYZ", xyz(0.60974, 0.31111, 0.01947)}, tag{"gXYZ", xyz(0.20528, 0.62567, 0.06087)}, tag{"bXYZ", xyz(0.14919, 0.06322, 0.74457)},
		tag{"rTRC", gamma(2.19921875)}, tag{"gTRC", gamma(2.19921875)}, tag{"bTRC", gamma(2.19921875)})
}

// DisplayP3 is the profile of phones' screens, whose curve is a formula.
func DisplayP3() []byte {
	curve := parameters(3, 2.4, 1/1.055, 0.055/1.055, 1/12.92, 0.04045)
	return profile("RGB ", "XYZ ",
		tag{"rXYZ", xyz(0.51512, 0.24120, -0.00105)}, tag{"gXYZ", xyz(0.29198, 0.69225, 0.04189)}, tag{"bXYZ", xyz(0.15710, 0.06657, 0.78407)},
		tag{"rTRC", curve}, tag{"gTRC", curve}, tag{"bTRC", curve})
}

// Grey is a profile of shades of grey of a gamma.
func Grey(exponent float64) []byte { return profile("GRAY", "XYZ ", tag{"kTRC", gamma(exponent)}) }

// Kinds of tables that profiles of print have.
const (
	Table8  = "mft1" // of 8 bits
	Table16 = "mft2" // of 16 bits, in which white is 0xff00
	TableV4 = "mAB " // of the fourth version
)

// Print is a profile of four inks whose table, of a kind, has two points along
// each side: the overprints of offset on coated paper, in L*a*b*.
func Print(kind string) []byte {
	return profile("CMYK", "Lab ", tag{"A2B1", table(kind)}, tag{"A2B0", []byte("not to be used")})
}

// overprints go up as a table does: black changes first, cyan last.
var overprints = [16][3]float64{
	{100, 0, 0}, {16, 0, 0}, {94, -6, 95}, {14, 0, 12}, {47, 75, -6}, {10, 8, 0}, {48, 70, 48}, {10, 7, 6},
	{57, -37, -44}, {9, -3, -6}, {51, -68, 31}, {8, -8, 3}, {24, 20, -46}, {4, 2, -4}, {23, 0, 0}, {0, 0, 0},
}

func table(kind string) []byte {
	head := append([]byte(kind), 0, 0, 0, 0, 4, 3)
	if kind == TableV4 {
		return tableV4(head)
	}
	head = append(head, 2, 0)
	for i := range 9 {
		head = fixed(head, float64((i+1)%4&1)) // not applied to inks
	}
	var line []byte // from 0 to 1
	if kind == Table16 {
		head = append(head, 0, 2, 0, 2)
		line = []byte{0, 0, 0xff, 0xff}
	} else {
		line = make([]byte, 256)
		for i := range line {
			line[i] = byte(i)
		}
	}
	out := slices.Concat(head, bytes.Repeat(line, 4))
	for _, lab := range overprints {
		out = appendLab(out, lab, kind)
	}
	return append(out, bytes.Repeat(line, 3)...)
}

// tableV4 has identities for curves and leaves out what it need not have.
func tableV4(head []byte) []byte {
	const start, curves, identity = 32, 3 * 12, 12
	head = append(head, 0, 0)
	for _, offset := range []uint32{start, 0, 0, start + curves, start + curves + 20 + 2*3*16} {
		head = binary.BigEndian.AppendUint32(head, offset)
	}
	line := append([]byte("curv"), make([]byte, identity-4)...)
	out := append(head, bytes.Repeat(line, 3)...)
	out = append(out, 2, 2, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0)
	for _, lab := range overprints {
		out = appendLab(out, lab, TableV4)
	}
	return append(out, bytes.Repeat(line, 4)...)
}

func appendLab(out []byte, lab [3]float64, kind string) []byte {
	shares := [3]float64{lab[0] / 100, (lab[1] + 128) / 255, (lab[2] + 128) / 255}
	for _, share := range shares {
		switch kind {
		case Table8:
			out = append(out, uint8(share*255+0.5))
		case Table16:
			out = binary.BigEndian.AppendUint16(out, uint16(share*0xff00+0.5))
		default:
			out = binary.BigEndian.AppendUint16(out, uint16(share*0xffff+0.5))
		}
	}
	return out
}

func profile(space, connection string, tags ...tag) []byte {
	header := make([]byte, 128)
	copy(header[16:], space)
	copy(header[20:], connection)
	copy(header[36:], "acsp")
	out := binary.BigEndian.AppendUint32(header, uint32(len(tags)))
	at := len(out) + 12*len(tags)
	for _, t := range tags {
		out = append(out, t.name...)
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.content)))
		at += len(t.content)
	}
	for _, t := range tags {
		out = append(out, t.content...)
	}
	return out
}

func xyz(x, y, z float64) []byte {
	return fixed(fixed(fixed([]byte("XYZ \x00\x00\x00\x00"), x), y), z)
}

func gamma(exponent float64) []byte {
	return binary.BigEndian.AppendUint16([]byte("curv\x00\x00\x00\x00\x00\x00\x00\x01"), uint16(exponent*256))
}

func parameters(kind byte, values ...float64) []byte {
	out := []byte{'p', 'a', 'r', 'a', 0, 0, 0, 0, 0, kind, 0, 0}
	for _, v := range values {
		out = fixed(out, v)
	}
	return out
}

func fixed(out []byte, v float64) []byte {
	return binary.BigEndian.AppendUint32(out, uint32(int32(v*65536)))
}
