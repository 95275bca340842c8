package jsonapi

import (
	"io"
	"strconv"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

// Appender is a body of an answer that knows its own JSON, which is what
// encoding/json would make of it. It is for the answers that are asked for most.
type Appender interface {
	// AppendJSON appends the JSON, without a line's end, and returns what
	// append does.
	AppendJSON(to []byte) []byte
}

// maxPooled is the size in bytes up to which the memory of an answer is used
// for others.
const maxPooled = 256 << 10

var buffers = sync.Pool{New: func() any { return new(encoded) }}

// encoded is a body as it is sent.
type encoded struct{ text []byte }

// encodeAppenders makes what Appenders say before the status is sent, so that
// their length can be said as well.
func encodeAppenders(ctx huma.Context, _ string, body any) (any, error) {
	appender, ok := body.(Appender)
	if !ok {
		return body, nil
	}
	a := buffers.Get().(*encoded)
	a.text = append(appender.AppendJSON(a.text[:0]), '\n')
	ctx.SetHeader("Content-Length", strconv.Itoa(len(a.text)))
	return a, nil
}

// withEncoded is a format that also writes what encodeAppenders has made.
func withEncoded(format huma.Format) huma.Format {
	marshal := format.Marshal
	format.Marshal = func(w io.Writer, body any) error {
		a, ok := body.(*encoded)
		if !ok {
			return marshal(w, body)
		}
		_, err := w.Write(a.text)
		if cap(a.text) <= maxPooled {
			buffers.Put(a)
		}
		return err
	}
	return format
}
