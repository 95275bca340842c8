// Package assets holds what the browser loads beside the pages: the stylesheets,
// scripts, the icons. Each file is served under a name that carries a hash of its
// content, so that browsers may keep it for ever and a release changes the name.
package assets

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strings"
	"time"
)

// prefix is where Handler is to be mounted.
const prefix = "/assets/"

//go:embed css/*.css js/*.js icons.svg favicon.svg share.png vendor/htmx/htmx.min.js
var embedded embed.FS

// sources lists the embedded files that make each served one, in order.
var sources = map[string][]string{
	"app.css": {
		"css/tokens.css", "css/base.css", "css/page.css", "css/header.css",
		"css/controls.css", "css/books.css", "css/orders.css", "css/print.css",
	},
	"app.js": {
		"js/back.js",
		"js/filters.js",
		"js/menus.js",
		"js/messages.js",
		"js/offline.js",
		"js/passwords.js",
		"js/pictures.js",
		"js/suggestions.js",
		"js/times.js",
	},
	"favicon.svg": {"favicon.svg"},
	"htmx.min.js": {"vendor/htmx/htmx.min.js"},
	"icons.svg":   {"icons.svg"},
	"share.png":   {"share.png"},
}

// files is keyed by the plain name, such as "app.css".
var files = load()

// file is an embedded file, ready to be sent.
type file struct {
	url         string
	contentType string
	etag        string
	plain       []byte
	gzipped     []byte
}

// URL returns the address of the file called name ("app.css" gives
// "/assets/app.3fa9c1d2.css"). It panics if there is no such file: names are
// constants in templates, so the first page rendered shows the mistake.
func URL(name string) string {
	f, ok := files[name]
	if !ok {
		panic(fmt.Sprintf("assets: there is no file called %q", name))
	}
	return f.url
}

// Handler serves the files under the addresses that URL returns; mount it at
// /assets/. It answers GET and HEAD, compressed where the browser takes it.
//
// An address with the hash of another release gives this release's file, not to
// be stored: while a release rolls out, a page and its stylesheet may come from
// instances of different age.
func Handler() http.Handler {
	return http.HandlerFunc(serve)
}

func serve(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	f, ok := files[plainName(r.URL.Path)]
	if !ok {
		http.NotFound(w, r)
		return
	}

	h := w.Header()
	h.Set("Content-Type", f.contentType)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Add("Vary", "Accept-Encoding")
	if r.URL.Path == f.url {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-store")
	}

	if acceptsGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		h.Set("ETag", `"`+f.etag+`-gzip"`)
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.gzipped))
		return
	}
	h.Set("ETag", `"`+f.etag+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.plain))
}

// plainName takes the prefix and the hash out of an address:
// "/assets/app.3fa9c1d2.css" gives "app.css". An address without a hash gives "".
func plainName(urlPath string) string {
	name := strings.TrimPrefix(urlPath, prefix)
	ext := path.Ext(name)
	stem := strings.TrimSuffix(name, ext)
	hash := path.Ext(stem)
	if hash == "" {
		return ""
	}
	return strings.TrimSuffix(stem, hash) + ext
}

// acceptsGzip reports whether an Accept-Encoding header allows gzip.
func acceptsGzip(header string) bool {
	for coding := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(coding, ";")
		if !strings.EqualFold(strings.TrimSpace(name), "gzip") {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
		return !found || strings.Trim(q, "0.") != ""
	}
	return false
}

// load reads and compresses every served file. All of them are embedded, so an
// error is a mistake in this package and panics.
func load() map[string]file {
	loaded := make(map[string]file, len(sources))
	for name, parts := range sources {
		f, err := build(name, parts)
		if err != nil {
			panic(fmt.Errorf("assets: build %s: %w", name, err))
		}
		loaded[name] = f
	}
	return loaded
}

func build(name string, parts []string) (file, error) {
	var content []byte
	for _, part := range parts {
		b, err := embedded.ReadFile(part)
		if err != nil {
			return file{}, err
		}
		content = append(content, b...)
	}
	return prepare(name, content)
}

func prepare(name string, content []byte) (file, error) {
	ext := path.Ext(name)
	contentType, ok := contentTypes[ext]
	if !ok {
		return file{}, fmt.Errorf("no content type for %q", ext)
	}
	var gzipped bytes.Buffer
	zip, err := gzip.NewWriterLevel(&gzipped, gzip.BestCompression)
	if err != nil {
		return file{}, err
	}
	if _, err := zip.Write(content); err != nil {
		return file{}, fmt.Errorf("compress: %w", err)
	}
	if err := zip.Close(); err != nil {
		return file{}, fmt.Errorf("compress: %w", err)
	}
	sum := sha256.Sum256(content)
	hash := hex.EncodeToString(sum[:4])
	return file{
		url:         prefix + strings.TrimSuffix(name, ext) + "." + hash + ext,
		contentType: contentType,
		etag:        hash,
		plain:       content,
		gzipped:     gzipped.Bytes(),
	}, nil
}

// contentTypes is our own table because the standard library's depends on the
// machine's mime files.
var contentTypes = map[string]string{
	".css": "text/css; charset=utf-8",
	".js":  "text/javascript; charset=utf-8",
	".png": "image/png",
	".svg": "image/svg+xml",
}
