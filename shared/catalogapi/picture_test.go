package catalogapi_test

import (
	"slices"
	"testing"

	"bookstore/shared/catalogapi"
)

func TestFilesAreKnownByTheirFirstBytes(t *testing.T) {
	for head, want := range map[string]string{
		"\xff\xd8\xff\xe0\x00\x10JFIF": "JPEG", "\x89PNG\r\n\x1a\n\x00": "PNG", "RIFF\x00\x00\x00\x00WEBPVP8X": "WebP",
		"GIF89a": "GIF", "II*\x00\x08": "TIFF", "MM\x00*\x00": "TIFF", "%PDF-1.7": "PDF", "BM\x00": "BMP",
		"\x00\x00\x00\x18ftypheic": "HEIC", "\x00\x00\x00\x18ftypmif1": "HEIC", "\x00\x00\x00\x1cftypavif": "AVIF",
		"\x00\x00\x00\x18ftypmp42": "MP4", "\xff\x0a\xfa": "JPEG XL",
		"\xef\xbb\xbf<?xml version='1.0'?>\n<SVG>": "SVG", "<!doctype html>": "", "": "", "RIFF": "",
	} {
		if got := catalogapi.PictureKind([]byte(head)); got != want {
			t.Errorf("%q: got %q, want %q", head, got, want)
		}
		if taken := slices.Contains(catalogapi.CoverTypes, catalogapi.CoverType(want)); taken != slices.Contains([]string{"JPEG", "PNG", "WebP"}, want) {
			t.Errorf("%s: taken is %v", want, taken)
		}
	}
}
