package site

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/httpserver"

	"github.com/gorilla/mux"
)

const (
	// uploadLimit is the size in bytes of a form with a file that is read to its
	// end. It is far above what a file may have: a browser whose connection is
	// cut shows no page of ours, and what was typed is lost.
	uploadLimit = 32 << 20
	// MaxFields bounds the number of fields in a form with a file.
	MaxFields = 100
)

// MaxUpload returns the bound of a request's body if it is a form with a file,
// and 0 otherwise.
func (s *Site) MaxUpload(r *http.Request) int64 {
	if s.uploads.Match(r, &mux.RouteMatch{}) {
		return uploadLimit
	}
	return 0
}

// readUpload is readForm for a form with a file in the field of this name, of
// at most so many bytes. A form without files serves as well.
func readUpload(w http.ResponseWriter, r *http.Request, name string, limit int64) (ui.Form, error) {
	parts, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		return readForm(r)
	}
	if err != nil {
		return ui.Form{}, errMalformed
	}
	httpserver.AwaitUpload(w)
	u := uploadReader{name: name, limit: limit, text: httpserver.DefaultMaxBody, form: ui.NewForm()}
	if err := u.readAll(parts); err != nil {
		return ui.Form{}, unreadable(err)
	}
	r.PostForm = u.form.Values // for a page that offers to send the form again
	return u.form, nil
}

// uploadReader takes a form apart as it arrives.
type uploadReader struct {
	name  string // of the file's field
	limit int64  // of the file, in bytes
	text  int64  // bytes that all other fields together may still have
	form  ui.Form
}

var errTooMuchText = errors.New("more fields or longer ones than a form has")

func (u *uploadReader) readAll(parts *multipart.Reader) error {
	for range MaxFields {
		part, err := parts.NextPart()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the next field: %w", err)
		}
		if err := u.read(part); err != nil {
			return fmt.Errorf("read a field: %w", err)
		}
	}
	return errTooMuchText
}

func (u *uploadReader) read(part *multipart.Part) error {
	if part.FormName() == u.name {
		data, err := io.ReadAll(io.LimitReader(part, u.limit+1))
		u.form.File = ui.File{Name: part.FileName(), Data: data, TooLarge: int64(len(data)) > u.limit}
		return err
	}
	text, err := io.ReadAll(io.LimitReader(part, u.text+1))
	if u.text -= int64(len(text)); u.text < 0 {
		return errTooMuchText
	}
	u.form.Values.Add(part.FormName(), typed(part.FormName(), string(text)))
	return err
}
