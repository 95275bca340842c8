package pagecache

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"sync"

	"github.com/klauspost/compress/flate"
)

// Browsers stop after the first member of a gzip file, so what is put together has
// to be one: blocks of deflate that end at whole bytes, under one checksum.

// gzipHeader begins a member without name and time (RFC 1952, section 2.3).
var gzipHeader = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}

// gzipLevel is that of what is compressed once for many.
const gzipLevel = 6

var deflaters = sync.Pool{New: func() any {
	w, err := flate.NewWriter(nil, gzipLevel)
	if err != nil { // only for a level that there is not
		panic(err)
	}
	return w
}}

// deflate returns plain as blocks of deflate (RFC 1951) that end at a whole byte:
// the last ones, or such as others may follow.
func deflate(plain []byte, last bool) []byte {
	var out bytes.Buffer
	w := deflaters.Get().(*flate.Writer)
	defer deflaters.Put(w)
	w.Reset(&out)
	_, _ = w.Write(plain) // nothing fails that writes into memory
	if last {
		_ = w.Close()
	} else {
		_ = w.Flush()
	}
	return bytes.Clone(out.Bytes())
}

func gzipTrailer(sum uint32, size int) []byte {
	trailer := binary.LittleEndian.AppendUint32(make([]byte, 0, 8), sum)
	return binary.LittleEndian.AppendUint32(trailer, uint32(size))
}

func compressGzip(plain []byte) []byte {
	return bytes.Join([][]byte{gzipHeader, deflate(plain, true), gzipTrailer(crc32.ChecksumIEEE(plain), len(plain))}, nil)
}

func gzipEnds(p *Page) ends {
	return ends{
		head: append(bytes.Clone(gzipHeader), deflate(p.head, false)...), headSum: crc32.ChecksumIEEE(p.head),
		tail: deflate(p.tail, true), tailSum: crc32.ChecksumIEEE(p.tail),
	}
}

func joinGzip(p *Page, around ends, own []byte) [][]byte {
	var out bytes.Buffer
	_ = flate.StatelessDeflate(&out, own, false, nil) // nothing fails that writes into memory
	sum := joinSums(around.headSum, crc32.ChecksumIEEE(own), len(own))
	sum = joinSums(sum, around.tailSum, len(p.tail))
	return [][]byte{around.head, out.Bytes(), around.tail, gzipTrailer(sum, len(p.head)+len(own)+len(p.tail))}
}

// joinSums returns the CRC-32 of two texts, one after the other, of which the
// second has so many bytes: first·x^(8·size) + second, over GF(2) and modulo the
// polynomial. See Mark Adler's crc32_combine in zlib.
func joinSums(first, second uint32, size int) uint32 {
	shift := uint32(1) << 31 // 1, the bits being reversed
	for bit, power := 0, size; power > 0; bit, power = bit+1, power>>1 {
		if power&1 == 1 {
			shift = times32(shift, shifts[bit])
		}
	}
	return times32(shift, first) ^ second
}

// shifts are x^(8·2^n).
var shifts = func() [40]uint32 {
	var all [40]uint32
	all[0] = 1 << 23 // x^8
	for n := 1; n < len(all); n++ {
		all[n] = times32(all[n-1], all[n-1])
	}
	return all
}()

// times32 multiplies two polynomials modulo that of CRC-32.
func times32(a, b uint32) uint32 {
	var product uint32
	for ; a != 0; a <<= 1 {
		if a&(1<<31) != 0 {
			product ^= b
		}
		if b&1 == 1 {
			b = b>>1 ^ crc32.IEEE
		} else {
			b >>= 1
		}
	}
	return product
}
