//go:build linux

package images

import (
	"bytes"
	pixels "image"
	"image/jpeg"
	"mime/multipart"
	"regexp"
	"strings"
)

var coverAddress = regexp.MustCompile(`/covers/[0-9a-f]{64}\.jpg`)

// seesCover returns the address of the picture that a book's page shows.
func (v *visitor) seesCover(book string) string {
	v.t.Helper()
	cover := coverAddress.FindString(v.open(book).text)
	if cover == "" {
		v.t.Fatalf("%s shows no picture of the copy", book)
	}
	v.seesPicture(cover)
	return cover
}

func (v *visitor) seesPicture(address string) {
	v.t.Helper()
	if _, err := jpeg.Decode(strings.NewReader(v.open(address).text)); err != nil {
		v.t.Errorf("%s is no picture: %v", address, err)
	}
}

// sendPicture is send for a form that takes a picture as well, and sends one.
func (v *visitor) sendPicture(p page, action string, filled ...string) {
	v.t.Helper()
	values := p.form(v.t, action)
	values.Del("cover")
	for i := 0; i < len(filled); i += 2 {
		values.Set(filled[i], filled[i+1])
	}
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for name := range values {
		if err := form.WriteField(name, values.Get(name)); err != nil {
			v.t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("cover", "photo.jpg")
	if err == nil {
		err = jpeg.Encode(file, pixels.NewGray(pixels.Rect(0, 0, 600, 900)), nil)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		v.t.Fatal(err)
	}
	resp, err := v.browser.Post(v.shop+action, form.FormDataContentType(), &body)
	v.must(read(resp, err))
}
