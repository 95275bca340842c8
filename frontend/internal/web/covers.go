package web

import (
	"net/http"
	"strings"

	"bookstore/assets/cover"
	"bookstore/frontend/internal/view"

	"github.com/gorilla/mux"
)

// serveCover draws the cover whose title and authors are in the address (see
// view.CoverURL). It depends on nothing else, so browsers may keep it.
func serveCover(w http.ResponseWriter, r *http.Request) {
	title, authors, ok := view.DecodeCover(mux.Vars(r)["name"])
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
