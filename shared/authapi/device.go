package authapi

import (
	"context"
	"strconv"
	"strings"
	"time"

	"bookstore/shared/httpclient"
	"bookstore/shared/internal/client"
)

// HeaderDevice carries the browser that the web shop recognises. From anybody but
// our own processes it is passed over.
const HeaderDevice = client.DeviceHeader

// Device is a browser that the web shop recognises by a cookie. Whoever signed in
// from it before is not held up by what strangers try.
type Device struct {
	ID    string    // random, without blanks
	Since time.Time // when the shop saw it first, to the second
}

// WithDevice returns a context whose calls say from which device they come.
func WithDevice(ctx context.Context, d Device) context.Context {
	return httpclient.WithHeader(ctx, HeaderDevice, d.ID+" "+strconv.FormatInt(d.Since.Unix(), 10))
}

// ParseDevice reads what WithDevice sends. Of anything else it returns the zero
// Device.
func ParseDevice(header string) Device {
	id, since, _ := strings.Cut(header, " ")
	seconds, err := strconv.ParseInt(since, 10, 64)
	if err != nil {
		return Device{}
	}
	return Device{ID: id, Since: time.Unix(seconds, 0)}
}
