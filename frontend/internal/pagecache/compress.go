package pagecache

import (
	"bytes"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// brotliLevel is the highest that takes no longer than zstd's better ones.
const brotliLevel = 5

// compressors write a whole page in each encoding.
var compressors = [encodings]func([]byte) []byte{
	Zstd:     compressZstd,
	Brotli:   compressBrotli,
	Gzip:     compressGzip,
	Identity: func(plain []byte) []byte { return plain },
}

// joiner puts a page around what is a visitor's own in one encoding.
type joiner struct {
	ends func(*Page) ends
	join func(p *Page, around ends, own []byte) [][]byte
}

var joiners = [encodings]joiner{
	Zstd: {
		ends: func(p *Page) ends { return ends{head: compressZstd(p.head), tail: compressZstd(p.tail)} },
		// A body may be several frames, one after the other (RFC 8878, section 3).
		join: func(_ *Page, around ends, own []byte) [][]byte {
			return [][]byte{around.head, small().EncodeAll(own, nil), around.tail}
		},
	},
	Gzip: {ends: gzipEnds, join: joinGzip},
	Identity: {
		ends: func(p *Page) ends { return ends{head: p.head, tail: p.tail} },
		join: func(_ *Page, around ends, own []byte) [][]byte { return [][]byte{around.head, own, around.tail} },
	},
}

// zstdWindow is as large as a page may be to be compressed well.
const zstdWindow = 256 << 10

// large and small compress pages, and what is put into them.
var (
	large = newZstd(zstd.SpeedBetterCompression)
	small = newZstd(zstd.SpeedFastest)
)

func newZstd(level zstd.EncoderLevel) func() *zstd.Encoder {
	return sync.OnceValue(func() *zstd.Encoder {
		encoder, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithWindowSize(zstdWindow),
			zstd.WithLowerEncoderMem(true), zstd.WithEncoderCRC(false), zstd.WithZeroFrames(true))
		if err != nil { // only for options that contradict each other
			panic(err)
		}
		return encoder
	})
}

func compressZstd(plain []byte) []byte {
	return bytes.Clone(large().EncodeAll(plain, nil)) // without what was too much
}

func compressBrotli(plain []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotliLevel)
	_, _ = w.Write(plain) // nothing fails that writes into memory
	_ = w.Close()
	return bytes.Clone(out.Bytes())
}
