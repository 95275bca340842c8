package selling

import (
	"bytes"
	"log/slog"
	"net/http"
	"slices"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
)

// checkCover blames a file that is visibly no picture of a book, and says what
// it is.
func (s pages) checkCover(r *http.Request, form *ui.Form) {
	if !form.File.Chosen() {
		return
	}
	kind := catalogapi.PictureKind(form.File.Data)
	switch {
	case len(form.File.Data) == 0:
		s.Blame(r, form, "cover", catalogapi.CodeCoverEmpty)
	case kind == "":
		s.Blame(r, form, "cover", catalogapi.CodeCoverFormat)
	case catalogapi.CoverType(kind) == "":
		s.Blame(r, form, "cover", catalogapi.CodeCoverKind, "kind", kind)
	case catalogapi.PictureMoves(form.File.Data):
		s.Blame(r, form, "cover", catalogapi.CodeCoverAnimated)
	case form.File.TooLarge:
		s.Blame(r, form, "cover", catalogapi.CodeCoverTooLarge, "max", catalogapi.MaxCover>>20)
	}
}

// checkPicture returns what catalogsvc has against the picture that was chosen, if
// it looked right here.
func (s pages) checkPicture(r *http.Request, form *ui.Form) error {
	if !form.File.Chosen() || form.Error("cover") != "" {
		return nil
	}
	kind := catalogapi.PictureKind(form.File.Data)
	return s.Catalog.CheckCover(s.Call(r), catalogapi.CoverType(kind), bytes.NewReader(form.File.Data))
}

// putCover gives a book the picture that was chosen, if one was. The form shows
// it from then on, whatever becomes of the rest.
func (s pages) putCover(r *http.Request, id int64, form *ui.Form) error {
	if !form.File.Chosen() {
		return nil
	}
	kind := catalogapi.PictureKind(form.File.Data)
	book, err := s.Catalog.PutCover(s.Call(r), id, catalogapi.CoverType(kind), bytes.NewReader(form.File.Data))
	if err != nil {
		return err
	}
	form.File = ui.File{}
	form.Values.Set("cover_shown", book.Cover)
	return nil
}

// coverRefused leads to the form of a book that has just been listed, and says
// there why its picture was not taken.
func (s pages) coverRefused(w http.ResponseWriter, r *http.Request, book catalogapi.Book, refusal error) error {
	message := "flash.cover_failed"
	e, ok := apierr.As(refusal)
	switch {
	case ok && blames(e, catalogapi.CodeCoverDamaged):
		message = "flash.cover_damaged"
	case ok && (blames(e, catalogapi.CodeCoverFormat) || blames(e, catalogapi.CodeCoverKind) || blames(e, catalogapi.CodeCoverAnimated) || blames(e, catalogapi.CodeCoverEmpty)):
		message = "flash.cover_format"
	case ok && blames(e, catalogapi.CodeCoverPixels):
		message = "flash.cover_pixels"
	default:
		slog.WarnContext(r.Context(), "cover not kept", "error", refusal)
	}
	s.Flash(w, ui.FlashWarning, message)
	return s.Redirect(w, r, ui.EditListingURL(book.ID))
}

// blames reports whether an error blames a field with this code.
func blames(e *apierr.Error, code string) bool {
	return slices.ContainsFunc(e.Fields, func(f apierr.FieldError) bool { return f.Code == code })
}

// removeCover answers POST /selling/books/{id}/cover/delete.
func (s pages) removeCover(w http.ResponseWriter, r *http.Request, _ *ui.Form) error {
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
