package picture

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"log/slog"
	"math"
	"slices"

	"bookstore/catalogsvc/internal/colorspace"
	"bookstore/shared/catalogapi"
)

// maxProfile bounds the profiles that are read. Printers' have two megabytes.
const maxProfile = 4 << 20

const (
	iccPrefix   = "ICC_PROFILE\x00"
	adobePrefix = "Adobe"
	iccSegment  = 0xe2
	inkSegment  = 0xee
)

// profileOf returns what converts a file's colours, or nil if it says nothing
// of them that makes sense; then they are sRGB.
func profileOf(f file) *colorspace.Converter {
	var icc []byte
	switch f.kind {
	case catalogapi.PictureJPEG:
		icc = jpegProfile(f.data)
	case catalogapi.PictureWebP:
		icc = chunk(f.data[12:], "ICCP", riffChunk)
	default:
		return pngColors(f.data[len(pngSignature):])
	}
	return byProfile(icc)
}

func byProfile(icc []byte) *colorspace.Converter {
	if len(icc) == 0 {
		return nil
	}
	convert, err := colorspace.ICC(icc)
	if err != nil {
		slog.Debug("a picture's colour profile is not used", "error", err)
		return nil
	}
	return convert
}

// jpegProfile puts the parts together that a profile stands in; each says its
// number.
func jpegProfile(data []byte) []byte {
	type part struct {
		number  byte
		content []byte
	}
	var parts []part
	for marker, content := range header(data) {
		if marker == iccSegment && bytes.HasPrefix(content, []byte(iccPrefix)) && len(content) > len(iccPrefix)+2 {
			parts = append(parts, part{content[len(iccPrefix)], content[len(iccPrefix)+2:]})
		}
	}
	slices.SortStableFunc(parts, func(a, b part) int { return int(a.number) - int(b.number) })
	var icc []byte
	for _, p := range parts {
		if len(icc)+len(p.content) > maxProfile {
			return nil
		}
		icc = append(icc, p.content...)
	}
	return icc
}

// adobeTransform returns how Adobe's marker says that the colours of a JPEG are
// written, if it is there.
func adobeTransform(data []byte) (transform byte, ok bool) {
	for marker, content := range header(data) {
		if marker == inkSegment && bytes.HasPrefix(content, []byte(adobePrefix)) && len(content) >= 12 {
			return content[11], true
		}
	}
	return 0, false
}

// withInkMarker returns data, a JPEG, such that four inks are understood. Where
// nothing tells how they are written the decoder gives up; browsers take them
// for Adobe's way, in which 255 is no ink.
func withInkMarker(data []byte) []byte {
	if _, ok := adobeTransform(data); ok {
		return data
	}
	for marker, content := range header(data) {
		if isFrame(marker) && len(content) >= 6 && content[5] == 4 {
			marker := append([]byte{0xff, inkSegment, 0, 14}, adobePrefix+"\x00\x64\x00\x00\x00\x00\x00"...)
			return slices.Concat(data[:2], marker, data[2:])
		}
	}
	return data
}

// pngColors reads the chunks of a PNG file that tell of its colours. Those that
// say more come first, as the format's description wants it.
func pngColors(chunks []byte) *colorspace.Converter {
	if code := chunk(chunks, "cICP", pngChunk); len(code) == 4 {
		return byCode(code[0], code[1])
	}
	if packed := chunk(chunks, "iCCP", pngChunk); packed != nil {
		return byProfile(unpacked(packed))
	}
	if chunk(chunks, "sRGB", pngChunk) != nil {
		return nil
	}
	return byGamma(chunk(chunks, "gAMA", pngChunk), chunk(chunks, "cHRM", pngChunk))
}

// unpacked returns the profile in iCCP: a name, a method and what it packed.
func unpacked(content []byte) []byte {
	end := bytes.IndexByte(content, 0)
	if end < 0 || end+2 > len(content) {
		return nil
	}
	reader, err := zlib.NewReader(bytes.NewReader(content[end+2:]))
	if err != nil {
		return nil
	}
	defer reader.Close()
	icc, err := io.ReadAll(io.LimitReader(reader, maxProfile+1))
	if err != nil || len(icc) > maxProfile {
		return nil
	}
	return icc
}

// Codes of ITU-T H.273, as cICP has them.
const (
	codeBT2020, codeDisplayP3           = 9, 12
	codeGamma22, codeLinear, codeAsSRGB = 4, 8, 13
)

// byCode is for the spaces of still pictures; those of films are left alone.
func byCode(primaries, transfer byte) *colorspace.Converter {
	space := colorspace.SRGBPrimaries
	switch primaries {
	case codeBT2020:
		space = colorspace.BT2020Primaries
	case codeDisplayP3:
		space = colorspace.DisplayP3Primaries
	}
	gamma, ok := map[byte]float64{codeGamma22: 2.2, codeLinear: 1, codeAsSRGB: 0}[transfer]
	if !ok {
		return nil
	}
	return orNone(space.WithGamma(gamma))
}

// byGamma reads gAMA and cHRM, whose numbers are hundred thousandths. A gamma of
// about 1/2.2 with the primaries of sRGB, or none, is what programs write that
// mean sRGB.
func byGamma(gama, chrm []byte) *colorspace.Converter {
	space, curve := colorspace.SRGBPrimaries, 0.0
	if len(chrm) >= 32 {
		space = colorspace.Primaries{White: point(chrm), Red: point(chrm[8:]), Green: point(chrm[16:]), Blue: point(chrm[24:])}
	}
	if len(gama) >= 4 && hundredThousandths(gama) > 0 {
		curve = 1 / hundredThousandths(gama)
	}
	if space.Near(colorspace.SRGBPrimaries) && (curve == 0 || math.Abs(curve-2.2) < 0.1) {
		return nil
	}
	return orNone(space.WithGamma(curve))
}

func point(data []byte) [2]float64 {
	return [2]float64{hundredThousandths(data), hundredThousandths(data[4:])}
}

func hundredThousandths(data []byte) float64 { return float64(binary.BigEndian.Uint32(data)) / 100000 }

func orNone(c *colorspace.Converter, err error) *colorspace.Converter {
	if err != nil {
		return nil
	}
	return c
}
