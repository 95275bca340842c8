package sitemap

import (
	"bytes"
	"compress/gzip"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// namespace is that of the elements of sitemaps.
const namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"

// entry is an address in a file.
type entry struct {
	at      string
	changed time.Time // zero: nobody knows
}

// file is a sitemap, ready to be sent. It does not change.
type file struct {
	zipped  []byte
	changed time.Time // zero: nobody knows
	state   string    // of what it was made from
}

// write makes a file: a root with an element for each entry.
func write(root, element string, entries []entry, changed time.Time) (*file, error) {
	var zipped bytes.Buffer
	to := gzip.NewWriter(&zipped)
	fmt.Fprintf(to, "%s<%s xmlns=%q>\n", xml.Header, root, namespace)
	for _, e := range entries {
		fmt.Fprintf(to, "<%s><loc>", element)
		if err := xml.EscapeText(to, []byte(e.at)); err != nil {
			return nil, fmt.Errorf("write an address: %w", err)
		}
		_, _ = io.WriteString(to, "</loc>")
		if !e.changed.IsZero() {
			fmt.Fprintf(to, "<lastmod>%s</lastmod>", e.changed.UTC().Format(time.RFC3339))
		}
		fmt.Fprintf(to, "</%s>\n", element)
	}
	fmt.Fprintf(to, "</%s>\n", root)
	if err := to.Close(); err != nil { // tells of every failure before
		return nil, fmt.Errorf("compress a sitemap: %w", err)
	}
	return &file{zipped: zipped.Bytes(), changed: changed}, nil
}

// serve sends the file, or says that it has not changed.
func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "application/xml; charset=utf-8")
	h.Set("Cache-Control", "public, max-age=600")
	h.Add("Vary", "Accept-Encoding")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		http.ServeContent(w, r, "", f.changed, bytes.NewReader(f.zipped))
		return
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(f.zipped))
	if err == nil {
		var plain []byte
		if plain, err = io.ReadAll(unzipped); err == nil {
			http.ServeContent(w, r, "", f.changed, bytes.NewReader(plain))
			return
		}
	}
	refuse(w, r, err)
}
