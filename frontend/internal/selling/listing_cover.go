package selling

import (
	"bytes"
	"log/slog"
	"net/http"
	"regexp"
	"slices"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
)

// readListingForm returns a listing's form with the picture that was chosen. One
// that can be seen to be no cover is blamed.
func (s pages) readListingForm(w http.ResponseWriter, r *http.Request) (ListingForm, site.Upload, error) {
	form, picture, err := site.ReadUpload(w, r, "cover", catalogapi.MaxCover)
	if err != nil {
		return ListingForm{}, site.Upload{}, err
	}
	l := ListingForm{Form: form, ChooseAgain: picture.Chosen()}
	if key := form.Value("cover_shown"); coverKey.MatchString(key) {
		l.Cover = key
	}
	if picture.Chosen() {
		s.checkCover(r, &l.Form, picture)
	}
	return l, picture, nil
}

// checkCover blames a file that can be seen to be no cover, and says what it is.
func (s pages) checkCover(r *http.Request, form *ui.Form, picture site.Upload) {
	kind := catalogapi.PictureKind(picture.Data)
	switch {
	case len(picture.Data) == 0:
		s.blameCover(r, form, "cover_empty", nil)
	case kind == "":
		s.blameCover(r, form, "cover_format", nil)
	case catalogapi.CoverType(kind) == "":
		s.blameCover(r, form, "cover_kind", map[string]any{"kind": kind})
	case catalogapi.PictureMoves(picture.Data):
		s.blameCover(r, form, "cover_animated", nil)
	case picture.TooLarge:
		s.blameCover(r, form, "cover_too_large", map[string]any{"max": catalogapi.MaxCover >> 20})
	}
}

var coverKey = regexp.MustCompile("^[0-9a-f]{64}$")

func (s pages) blameCover(r *http.Request, form *ui.Form, code string, params map[string]any) {
	form.Blame("cover", s.FieldSentence(site.Words(r), apierr.FieldError{Field: "cover", Code: code, Params: params}))
}

// putCover gives a book the picture that was chosen, if one was, and returns
// the key of the picture that the book has then, which may still be the one
// that was shown.
func (s pages) putCover(r *http.Request, id int64, picture site.Upload, shown string) (string, error) {
	if !picture.Chosen() {
		return shown, nil
	}
	book, err := s.Catalog.PutCover(s.Call(r), id, catalogapi.CoverType(catalogapi.PictureKind(picture.Data)), bytes.NewReader(picture.Data))
	if err != nil {
		return shown, err
	}
	return book.Cover, nil
}

// coverRefused leads to the form of a book that has just been listed, and says
// there why its picture was not taken.
func (s pages) coverRefused(w http.ResponseWriter, r *http.Request, book catalogapi.Book, refusal error) error {
	message := "flash.cover_failed"
	e, ok := apierr.As(refusal)
	switch {
	case ok && blames(e, "cover_damaged"):
		message = "flash.cover_damaged"
	case ok && (blames(e, "cover_format") || blames(e, "cover_kind") || blames(e, "cover_animated") || blames(e, "cover_empty")):
		message = "flash.cover_format"
	case ok && blames(e, "cover_pixels"):
		message = "flash.cover_pixels"
	default:
		slog.WarnContext(r.Context(), "cover not kept", "error", refusal)
	}
	s.Flash(w, ui.FlashWarning, message)
	return s.Redirect(w, r, ui.EditListingURL(book.ID))
}

// blames tells whether an error blames a field with this code.
func blames(e *apierr.Error, code string) bool {
	return slices.ContainsFunc(e.Fields, func(f apierr.FieldError) bool { return f.Code == code })
}

// removeCover answers POST /selling/books/{id}/cover/delete.
func (s pages) removeCover(w http.ResponseWriter, r *http.Request) error {
	id, err := site.PathID(r)
	if err != nil {
		return err
	}
	if err := s.Catalog.DeleteCover(s.Call(r), id); err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.cover_removed")
	return s.Redirect(w, r, ui.EditListingURL(id))
}
