package picture

import (
	"bytes"
	"encoding/binary"
	"iter"
)

// Markers of a JPEG file.
const (
	endOfImage  = 0xd9
	startOfScan = 0xda
	firstReset  = 0xd0 // the resets stand inside a scan, without a length
	lastReset   = 0xd7
	application = 0xe1 // where cameras put EXIF

	firstFrame       = 0xc0 // of the kinds that can be decoded
	progressiveFrame = 0xc2
)

// isFrame reports whether a segment tells the picture's size and components.
func isFrame(marker byte) bool { return marker >= firstFrame && marker <= progressiveFrame }

const (
	exifPrefix   = "Exif\x00\x00"
	pngSignature = "\x89PNG\r\n\x1a\n"
)

// segments yields the marker and content of each segment of a JPEG file, up to
// its end or to where it is broken.
func segments(data []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for at := 2; at+4 <= len(data); {
			marker := data[at+1]
			switch {
			case data[at] != 0xff || marker == 0xff: // inside a scan, or fill
				at++
			case marker <= 1 || marker >= firstReset && marker <= lastReset:
				at += 2
			case marker == endOfImage:
				return
			default:
				end := at + 2 + int(binary.BigEndian.Uint16(data[at+2:]))
				if end < at+4 || end > len(data) || !yield(marker, data[at+4:end]) {
					return
				}
				at = end
			}
		}
	}
}

// header yields the segments before the picture itself, which tell about it.
func header(jpeg []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for marker, content := range segments(jpeg) {
			if marker == startOfScan || !yield(marker, content) {
				return
			}
		}
	}
}

func scansIn(jpeg []byte) (n int) {
	for marker := range segments(jpeg) {
		if marker == startOfScan {
			n++
		}
	}
	return n
}

// exifIn returns what a picture's file has of EXIF, or nil.
func exifIn(data []byte) []byte {
	switch {
	case bytes.HasPrefix(data, []byte(pngSignature)):
		return chunk(data[len(pngSignature):], "eXIf", pngChunk)
	case bytes.HasPrefix(data, []byte("RIFF")) && len(data) >= 12:
		return chunk(data[12:], "EXIF", riffChunk)
	}
	for marker, content := range header(data) {
		if marker == application && bytes.HasPrefix(content, []byte(exifPrefix)) {
			return content
		}
	}
	return nil
}

// chunkLayout says how a chunk begins, in its first eight bytes, and how many
// bytes it takes beside them.
type chunkLayout func(head []byte) (name string, length, total int64)

func pngChunk(head []byte) (string, int64, int64) {
	length := int64(binary.BigEndian.Uint32(head))
	return string(head[4:8]), length, length + 4 // a checksum
}

func riffChunk(head []byte) (string, int64, int64) {
	length := int64(binary.LittleEndian.Uint32(head[4:]))
	return string(head[:4]), length, length + length%2
}

// chunk returns the content of the first chunk of a name, or nil.
func chunk(data []byte, wanted string, layout chunkLayout) []byte {
	for len(data) >= 8 {
		name, length, total := layout(data[:8])
		data = data[8:]
		switch {
		case length > int64(len(data)):
			return nil
		case name == wanted:
			return data[:length]
		}
		data = data[min(total, int64(len(data))):]
	}
	return nil
}
