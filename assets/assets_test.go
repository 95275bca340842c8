package assets

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"
)

// names lists every file that a page may ask for.
var names = []string{"app.css", "app.js", "favicon.svg", "htmx.min.js", "icons.svg", "share.png"}

func get(t *testing.T, method, url, acceptEncoding string) *http.Response {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, url, nil)
	r.Header.Set("Accept-Encoding", acceptEncoding)
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w.Result()
}

func body(t *testing.T, r io.Reader) string {
	t.Helper()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestEveryFileIsServedForEverUnderItsHashedName(t *testing.T) {
	hashed := regexp.MustCompile(`^/assets/[a-z.]+\.[0-9a-f]{8}\.(css|js|png|svg)$`)
	for _, name := range names {
		url := URL(name)
		if !hashed.MatchString(url) {
			t.Errorf("URL(%q) = %q, want a name with a hash", name, url)
		}
		resp := get(t, http.MethodGet, url, "")
		if resp.StatusCode != http.StatusOK {
			t.Errorf("%s: got status %d, want 200", url, resp.StatusCode)
		}
		if got, want := resp.Header.Get("Cache-Control"), "public, max-age=31536000, immutable"; got != want {
			t.Errorf("%s: got Cache-Control %q, want %q", url, got, want)
		}
		if got := body(t, resp.Body); got != string(files[name].plain) {
			t.Errorf("%s: the body is not the file's content", url)
		}
	}
	if len(files) != len(names) {
		t.Errorf("%d files are embedded, %d are listed here", len(files), len(names))
	}
}

func TestContentTypes(t *testing.T) {
	for name, want := range map[string]string{
		"app.css":     "text/css; charset=utf-8",
		"htmx.min.js": "text/javascript; charset=utf-8",
		"icons.svg":   "image/svg+xml",
		"share.png":   "image/png",
	} {
		if got := get(t, http.MethodGet, URL(name), "").Header.Get("Content-Type"); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

func TestTextIsCompressedForWhoeverTakesIt(t *testing.T) {
	for _, c := range []struct {
		header string
		want   string
	}{
		{"gzip, deflate, br", "gzip"},
		{"br;q=1.0, gzip;q=0.5", "gzip"},
		{"GZIP", "gzip"},
		{"", ""},
		{"br", ""},
		{"gzip;q=0", ""},
		{"gzip; q=0.000", ""},
		{"x-gzip-not", ""},
	} {
		resp := get(t, http.MethodGet, URL("app.css"), c.header)
		if got := resp.Header.Get("Content-Encoding"); got != c.want {
			t.Errorf("Accept-Encoding %q: got Content-Encoding %q, want %q", c.header, got, c.want)
		}
		if got := resp.Header.Get("Vary"); got != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: got Vary %q", c.header, got)
		}
		if c.want != "gzip" {
			continue
		}
		zip, err := gzip.NewReader(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		if got := body(t, zip); got != string(files["app.css"].plain) {
			t.Errorf("Accept-Encoding %q: the uncompressed body is not the file's content", c.header)
		}
	}
}

func TestAFileTheBrowserHasIsNotSentAgain(t *testing.T) {
	for _, encoding := range []string{"", "gzip"} {
		etag := get(t, http.MethodGet, URL("app.css"), encoding).Header.Get("ETag")
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, URL("app.css"), nil)
		r.Header.Set("Accept-Encoding", encoding)
		r.Header.Set("If-None-Match", etag)
		w := httptest.NewRecorder()
		Handler().ServeHTTP(w, r)
		if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("encoding %q: got status %d with %d bytes, want 304 with none", encoding, w.Code, w.Body.Len())
		}
	}
}

func TestHeadAnswersWithoutABody(t *testing.T) {
	resp := get(t, http.MethodHead, URL("app.css"), "")
	if got := body(t, resp.Body); resp.StatusCode != http.StatusOK || got != "" {
		t.Errorf("got status %d and %d bytes, want 200 and none", resp.StatusCode, len(got))
	}
}

func TestAnotherReleasesHashGivesThisFileUnstored(t *testing.T) {
	resp := get(t, http.MethodGet, "/assets/app.00000000.css", "")
	if resp.StatusCode != http.StatusOK {
		t.Errorf("got status %d, want 200", resp.StatusCode)
	}
	if got := resp.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("got Cache-Control %q, want no-store", got)
	}
}

func TestUnknownNamesAreNotFound(t *testing.T) {
	for _, path := range []string{
		"/assets/", "/assets/app", "/assets/nothing.00000000.css", "/assets/README.md",
		"/assets/assets.go", "/assets/vendor/htmx/LICENSE", "/assets/../go.mod", "/assets/app.css",
	} {
		if got := get(t, http.MethodGet, path, "").StatusCode; got != http.StatusNotFound {
			t.Errorf("%s: got status %d, want 404", path, got)
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	resp := get(t, http.MethodPost, URL("app.css"), "")
	if resp.StatusCode != http.StatusMethodNotAllowed || resp.Header.Get("Allow") != "GET, HEAD" {
		t.Errorf("got status %d, Allow %q", resp.StatusCode, resp.Header.Get("Allow"))
	}
}

func TestAnUnknownNameInATemplatePanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("URL of an unknown name returned")
		}
	}()
	URL("nothing.css")
}

func TestStylesheetNeedsNothingFromElsewhere(t *testing.T) {
	asks := regexp.MustCompile(`url\([^)]*\)|@import[^;]*`)
	for _, found := range asks.FindAllString(string(files["app.css"].plain), -1) {
		t.Errorf("app.css asks for %s: another request, which the content security policy may refuse", found)
	}
}

// The first visit paints nothing before the sheet is there.
func TestStylesheetIsSmall(t *testing.T) {
	const limit = 13 << 10
	if size := len(files["app.css"].gzipped); size > limit {
		t.Errorf("app.css takes %d bytes compressed, want %d at most", size, limit)
	}
}

func TestIconsThatTheReadmeNamesExist(t *testing.T) {
	ids := regexp.MustCompile(`<symbol id="([a-z-]+)"`).FindAllStringSubmatch(string(files["icons.svg"].plain), -1)
	var have []string
	for _, id := range ids {
		have = append(have, id[1])
	}
	for _, want := range []string{"cart", "search", "user", "sun", "moon", "globe", "truck", "check", "warning", "book"} {
		if !slices.Contains(have, want) {
			t.Errorf("icons.svg has no symbol %q", want)
		}
	}
}
