package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"bookstore/assets/cover"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"

	"github.com/gorilla/mux"
)

// pictureTimeout bounds how long a visitor waits for one picture.
const pictureTimeout = 20 * time.Second

// pictures are those of the copies on offer, by key.
type pictures struct{ catalog *catalogapi.Client }

// ServeHTTP hands on the picture of a copy that the catalog keeps. What
// is under a key never changes, so whoever has it need not ask again.
func (p pictures) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	key, width := mux.Vars(r)["key"], pictureWidth(r)
	h, tag := w.Header(), `"`+key+`"`
	if width != 0 {
		tag = `"` + key + "-" + strconv.Itoa(width) + `"`
	}
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), pictureTimeout)
	defer cancel()
	picture, err := p.catalog.Cover(ctx, key, width)
	if err != nil {
		refusePicture(w, r, err)
		return
	}
	defer picture.Body.Close()
	h.Set("Content-Type", "image/jpeg")
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	h.Set("ETag", tag)
	if length := picture.Header.Get("Content-Length"); length != "" {
		h.Set("Content-Length", length) // and less than that is seen to be broken
	}
	if r.Method == http.MethodHead {
		return
	}
	_, _ = io.Copy(w, picture.Body) // fails only when the visitor or catalogsvc has gone
}

// pictureWidth is the width that r asks for: one of catalogapi.CoverWidths, or 0
// for the picture's own. Programs of a release before give that to everybody.
func pictureWidth(r *http.Request) int {
	width, err := strconv.Atoi(r.URL.Query().Get("width"))
	if err != nil || !slices.Contains(catalogapi.CoverWidths, width) {
		return 0
	}
	return width
}

func refusePicture(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Cache-Control", "no-store")
	if apierr.IsKind(err, apierr.KindNotFound) {
		http.NotFound(w, r)
		return
	}
	slog.WarnContext(r.Context(), "picture not shown", "error", err)
	http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
}

// serveCover draws the cover whose title and authors are in the address (see
// ui.CoverURL). It depends on nothing else, so browsers may keep it.
func serveCover(w http.ResponseWriter, r *http.Request) {
	title, authors, ok := ui.DecodeCover(mux.Vars(r)["name"])
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "image/svg+xml")
	h.Set("Cache-Control", "public, max-age=604800")
	h.Set("Content-Security-Policy", "default-src 'none'") // opened on its own, it is a document
	_, _ = w.Write(cover.SVG(title, strings.Join(authors, ", ")))
}
