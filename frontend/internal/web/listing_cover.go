package web

import (
	"bytes"
	"log/slog"
	"net/http"
	"regexp"
	"slices"

	"bookstore/frontend/internal/view"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"

	"github.com/gorilla/mux"
)

// listingCoverRoutes registers what sellers do with the pictures of their books,
// beside the forms of their listings.
func (s *Server) listingCoverRoutes(r *mux.Router) {
	s.post(r, "/selling/books/{id:[0-9]+}/cover/delete", s.seller(s.removeCover))
}

// readListingForm returns a listing's form with the picture that was chosen. One
// that can be seen to be no cover is blamed.
func (s *Server) readListingForm(w http.ResponseWriter, r *http.Request) (view.ListingForm, upload, error) {
	form, picture, err := readUpload(w, r, "cover", catalogapi.MaxCover)
	if err != nil {
		return view.ListingForm{}, upload{}, err
	}
	l := view.ListingForm{Form: form, ChooseAgain: picture.chosen()}
	if key := form.Value("cover_shown"); coverKey.MatchString(key) {
		l.Cover = key
	}
	switch {
	case picture.tooLarge:
		s.blameCover(r, &l.Form, "cover_too_large", map[string]any{"max": catalogapi.MaxCover >> 20})
	case picture.chosen() && !slices.Contains(catalogapi.CoverTypes, picture.mediaType()):
		s.blameCover(r, &l.Form, "cover_format", nil)
	}
	return l, picture, nil
}

var coverKey = regexp.MustCompile("^[0-9a-f]{64}$")

func (u upload) mediaType() string { return http.DetectContentType(u.data) }

func (s *Server) blameCover(r *http.Request, form *view.Form, code string, params map[string]any) {
	form.Blame("cover", s.fieldSentence(words(r), apierr.FieldError{Field: "cover", Code: code, Params: params}))
}

// putCover gives a book the picture that was chosen, if one was, and returns
// the key of the picture that the book has then, which may still be the one
// that was shown.
func (s *Server) putCover(r *http.Request, id int64, picture upload, shown string) (string, error) {
	if !picture.chosen() {
		return shown, nil
	}
	book, err := s.Catalog.PutCover(s.call(r), id, picture.mediaType(), bytes.NewReader(picture.data))
	if err != nil {
		return shown, err
	}
	return book.Cover, nil
}

// coverRefused leads to the form of a book that has just been listed, and says
// there why its picture was not taken.
func (s *Server) coverRefused(w http.ResponseWriter, r *http.Request, book catalogapi.Book, refusal error) error {
	message := "flash.cover_failed"
	e, ok := apierr.As(refusal)
	switch {
	case ok && blames(e, "cover_format"):
		message = "flash.cover_format"
	case ok && blames(e, "cover_pixels"):
		message = "flash.cover_pixels"
	default:
		slog.WarnContext(r.Context(), "cover not kept", "error", refusal)
	}
	s.flash(w, view.FlashWarning, message)
	return s.redirect(w, r, view.EditURL(book.ID))
}

// blames tells whether an error blames a field with this code.
func blames(e *apierr.Error, code string) bool {
	return slices.ContainsFunc(e.Fields, func(f apierr.FieldError) bool { return f.Code == code })
}

// removeCover answers POST /selling/books/{id}/cover/delete.
func (s *Server) removeCover(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := s.Catalog.DeleteCover(s.call(r), id); err != nil {
		return err
	}
	s.flash(w, view.FlashSuccess, "flash.cover_removed")
	return s.redirect(w, r, view.EditURL(id))
}
