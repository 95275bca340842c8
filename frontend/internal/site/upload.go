package site

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/httpserver"
)

const (
	// uploadLimit is the size in bytes of a form with a file that is read to its
	// end. It is far above what a file may have: a browser whose connection is
	// cut shows no page of ours, and what was typed is lost.
	uploadLimit = 32 << 20
	// MaxFields bounds the number of fields in a form with a file.
	MaxFields = 100
)

// MaxUpload bounds the forms that come with a file.
func MaxUpload(r *http.Request) int64 {
	if r.Method == http.MethodPost && uploadPath.MatchString(r.URL.Path) {
		return uploadLimit
	}
	return 0
}

var uploadPath = regexp.MustCompile(`^/selling/books/(new|[0-9]+/edit)$`)

// Upload is a file that a visitor chose.
type Upload struct {
	Name     string // as the browser calls it; empty if none was chosen
	Data     []byte // none if no file was chosen
	TooLarge bool   // Data is only its beginning
}

// Chosen reports whether a file was chosen.
func (u Upload) Chosen() bool { return u.Name != "" || len(u.Data) > 0 }

// ReadUpload is readForm for a form with a file in the field of this name, of
// at most so many bytes. A form without files serves as well.
func ReadUpload(w http.ResponseWriter, r *http.Request, name string, limit int64) (ui.Form, Upload, error) {
	parts, err := r.MultipartReader()
	if errors.Is(err, http.ErrNotMultipart) {
		form, err := ReadForm(r)
		return form, Upload{}, err
	}
	if err != nil {
		return ui.Form{}, Upload{}, errMalformed
	}
	httpserver.AwaitUpload(w)
	u := uploadReader{name: name, limit: limit, text: httpserver.DefaultMaxBody, form: ui.Form{Values: url.Values{}}}
	if err := u.readAll(parts); err != nil {
		return ui.Form{}, Upload{}, unreadable(err)
	}
	r.PostForm = u.form.Values // for a page that offers to send the form again
	return u.form, u.file, nil
}

// uploadReader takes a form apart as it arrives.
type uploadReader struct {
	name  string // of the file's field
	limit int64  // of the file, in bytes
	text  int64  // bytes that all other fields together may still have
	form  ui.Form
	file  Upload
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
		u.file = Upload{part.FileName(), data, int64(len(data)) > u.limit}
		return err
	}
	text, err := io.ReadAll(io.LimitReader(part, u.text+1))
	if u.text -= int64(len(text)); u.text < 0 {
		return errTooMuchText
	}
	u.form.Values.Add(part.FormName(), typed(part.FormName(), string(text)))
	return err
}
