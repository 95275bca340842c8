package pagecache

import (
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"sync/atomic"
	"time"
)

// Page is a finished page, or a finished part of one. It does not change.
type Page struct {
	Status int
	Owner  int64 // the user whose offer it shows; 0: nobody's

	// What everybody gets. Between the two stands what is the visitor's own.
	head, tail []byte
	// Middle is what stands between the two places of what is the visitor's own.
	Middle []byte

	etag    func() string
	guest   []byte // what a guest gets: all of it
	whole   [encodings]func() []byte
	written [encodings]func() ends

	asked    time.Time   // before it was made
	renewing atomic.Bool // whether somebody has begun to make it anew
}

// ends are head and tail of a page in an encoding, to be put around something.
type ends struct {
	head, tail       []byte
	headSum, tailSum uint32 // of what they were before, for gzip alone
}

// New returns a page that a guest gets as guest: head, something of their own with
// middle in it, and tail. For a part of a page, which is the same for all
// visitors, head, middle and tail are nil.
func New(status int, guest, head, middle, tail []byte) *Page {
	p := &Page{Status: status, guest: guest, head: head, Middle: middle, tail: tail}
	p.etag = sync.OnceValue(func() string {
		sum := sha256.Sum256(guest)
		return hex.EncodeToString(sum[:10])
	})
	for e := range encodings {
		p.whole[e] = sync.OnceValue(func() []byte { return compressors[e](guest) })
		if e.Joins() {
			p.written[e] = sync.OnceValue(func() ends { return joiners[e].ends(p) })
		}
	}
	return p
}

// ETag names what a guest gets in an encoding (RFC 9110, section 8.8.3).
func (p *Page) ETag(e Encoding) string { return `"` + p.etag() + e.suffix() + `"` }

// Guest returns what a guest gets.
func (p *Page) Guest(e Encoding) []byte { return p.whole[e]() }

// Around returns the page around what is a visitor's own, in pieces to be sent one
// after the other. The encoding must be one that Joins. Nothing that is the
// visitor's own is compressed together with anything else, so the size of the
// answer does not tell what it resembles.
func (p *Page) Around(e Encoding, own []byte) [][]byte {
	return joiners[e].join(p, p.written[e](), own)
}

// weight is how many bytes a page may come to take, with its compressed forms: a
// fifth of its size each, twice in each encoding.
func (p *Page) weight() int { return 1024 + 3*len(p.guest) }
