package site

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"time"

	"bookstore/shared/authapi"

	"github.com/gorilla/securecookie"
)

// deviceSeconds is as long as browsers keep a cookie.
const deviceSeconds = 400 * 24 * 60 * 60

func newDeviceCodecs(keys [][]byte) []securecookie.Codec {
	codecs := securecookie.CodecsFromPairs(keys...)
	for _, codec := range codecs {
		codec.(*securecookie.SecureCookie).MaxAge(deviceSeconds).SetSerializer(securecookie.JSONEncoder{})
	}
	return codecs
}

// FromDevice returns ctx for a call that says from which browser r comes, by a
// cookie that stays when its visitor signs out: whoever signed in from it before
// is not held up by strangers who guess the password.
func (s *Site) FromDevice(ctx context.Context, w http.ResponseWriter, r *http.Request) context.Context {
	var d authapi.Device
	if err := securecookie.DecodeMulti(deviceCookie, cookie(r, deviceCookie), &d, s.deviceCodecs...); err != nil { // none, or its keys were retired
		d = authapi.Device{ID: rand.Text(), Since: time.Now()}
	}
	sealed, err := securecookie.EncodeMulti(deviceCookie, d, s.deviceCodecs...)
	if err != nil {
		slog.ErrorContext(r.Context(), "device not named", "error", err)
		return ctx
	}
	s.setCookie(w, deviceCookie, sealed, deviceSeconds)
	return authapi.WithDevice(ctx, d)
}
