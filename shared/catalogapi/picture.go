package catalogapi

import (
	"bytes"
	"slices"
)

// Names of the kinds of files that a cover is made of.
const (
	PictureJPEG = "JPEG"
	PicturePNG  = "PNG"
	PictureWebP = "WebP"
)

// PictureHead is how many of a file's first bytes PictureKind looks at.
const PictureHead = 512

// pictureKinds tell files by what stands at a place near their beginning.
var pictureKinds = []struct {
	kind  string
	at    int
	magic string
}{
	{PictureJPEG, 0, "\xff\xd8\xff"},
	{PicturePNG, 0, "\x89PNG\r\n\x1a\n"},
	{PictureWebP, 8, "WEBP"},
	{"GIF", 0, "GIF8"},
	{"TIFF", 0, "II*\x00"},
	{"TIFF", 0, "MM\x00*"},
	{"BMP", 0, "BM"},
	{"PDF", 0, "%PDF-"},
	{"PSD", 0, "8BPS"},
	{"JPEG 2000", 0, "\x00\x00\x00\x0cjP  "},
	{"JPEG XL", 0, "\xff\x0a"},
	{"JPEG XL", 0, "\x00\x00\x00\x0cJXL "},
	{"ZIP", 0, "PK\x03\x04"},
	{"MP4", 4, "ftyp"}, // if it is none of the brands below
}

// stillBrands are what files of the kind of MP4 say of themselves that hold
// pictures: phones take some, and browsers save others.
var stillBrands = []struct {
	kind   string
	brands []string
}{
	{"AVIF", []string{"avif", "avis"}},
	{"HEIC", []string{"heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"}},
}

// PictureKind returns the name of the kind that a file is of by its first
// bytes, such as PictureJPEG or "HEIC", or nothing if it knows none. Only those
// of CoverTypes are taken; the others are known so that their senders can be told.
func PictureKind(head []byte) string {
	if len(head) >= 12 && string(head[4:8]) == "ftyp" {
		for _, k := range stillBrands {
			if slices.Contains(k.brands, string(head[8:12])) {
				return k.kind
			}
		}
	}
	for _, k := range pictureKinds {
		if len(head) >= k.at+len(k.magic) && string(head[k.at:k.at+len(k.magic)]) == k.magic {
			return k.kind
		}
	}
	if start := bytes.ToLower(bytes.TrimLeft(head[:min(len(head), PictureHead)], "\xef\xbb\xbf \t\r\n")); bytes.HasPrefix(start, []byte("<svg")) ||
		bytes.HasPrefix(start, []byte("<?xml")) && bytes.Contains(start, []byte("<svg")) {
		return "SVG"
	}
	return ""
}

// PictureMoves reports whether a file, by its first bytes, is an animated WebP.
func PictureMoves(head []byte) bool {
	const flagsAt, animation = 20, 1 << 1
	return len(head) > flagsAt && string(head[8:16]) == "WEBPVP8X" && head[flagsAt]&animation != 0
}

// CoverType returns the media type of a kind that covers are made of, and
// nothing for others.
func CoverType(kind string) string {
	switch kind {
	case PictureJPEG:
		return "image/jpeg"
	case PicturePNG:
		return "image/png"
	case PictureWebP:
		return "image/webp"
	}
	return ""
}
