package site

import (
	"net/http"

	"github.com/klauspost/compress/gzhttp"
)

const (
	// smallAnswer is the size in bytes below which compressing is not worth it.
	smallAnswer = 1024
	// sizeJitter is how many bytes at most are added to a compressed answer.
	sizeJitter = 64
)

// Compress makes pages and drawings smaller on their way. Pages repeat what
// was searched for beside what is the visitor's own, and compressed sizes tell
// whether the one resembles the other. So the size is blurred, by a number of
// bytes that follows from the content: asking again tells nothing more.
func Compress(next http.Handler) http.Handler { return compressor(next) }

var compressor = func() func(http.Handler) http.HandlerFunc {
	wrap, err := gzhttp.NewWrapper(gzhttp.MinSize(smallAnswer), gzhttp.EnableZstd(false), gzhttp.RandomJitter(sizeJitter, 0, false))
	if err != nil { // only for options that contradict each other
		panic(err)
	}
	return wrap
}()
