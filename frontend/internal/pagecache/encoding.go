package pagecache

import (
	"strconv"
	"strings"
)

// Encoding is how an answer's bytes are written (RFC 9110, section 8.4.1).
type Encoding int

// The encodings, those that are preferred first.
const (
	Zstd   Encoding = iota // RFC 8878
	Brotli                 // RFC 7932
	Gzip                   // RFC 1952
	Identity
	encodings
)

var names = [encodings]string{"zstd", "br", "gzip", ""}

// String returns what the header Content-Encoding says; "" for Identity.
func (e Encoding) String() string { return names[e] }

// Joins reports whether pieces that were compressed apart can be put together.
// Streams of brotli can't: what they refer to counts from their beginning.
func (e Encoding) Joins() bool { return e != Brotli }

func (e Encoding) suffix() string {
	if e == Identity {
		return ""
	}
	return "-" + names[e]
}

// Choose returns the preferred one of the encodings that an Accept-Encoding
// header allows. What is to be joined gets one that Joins.
func Choose(header string, joined bool) Encoding {
	for e := range Identity {
		if (e.Joins() || !joined) && accepts(header, names[e]) {
			return e
		}
	}
	return Identity
}

func accepts(header, encoding string) bool {
	for coding := range strings.SplitSeq(header, ",") {
		name, parameters, weighed := strings.Cut(coding, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		weight, found := strings.CutPrefix(strings.TrimSpace(parameters), "q=")
		if !weighed || !found {
			return true
		}
		q, err := strconv.ParseFloat(weight, 64)
		return err == nil && q > 0
	}
	return false
}
