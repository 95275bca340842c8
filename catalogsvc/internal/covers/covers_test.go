package covers

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/apierr"
)

var keyA, keyB = strings.Repeat("a1", 32), strings.Repeat("b2", 32)

// objects is as much of S3 as covers need: a bucket, by paths.
type objects struct {
	mu     sync.Mutex
	stored map[string][]byte
	status int // of every answer, if not 0
}

func (o *objects) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.status != 0 {
		w.WriteHeader(o.status)
		return
	}
	if !strings.Contains(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=id/") || !strings.HasPrefix(r.URL.Path, "/shelf/") {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if r.Method == http.MethodPut {
		body, err := io.ReadAll(r.Body)
		if err != nil || r.Header.Get("Content-Type") != "image/jpeg" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		o.stored[r.URL.Path] = body
		return
	}
	body, ok := o.stored[r.URL.Path]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "<Error><Code>NoSuchKey</Code></Error>")
		return
	}
	_, _ = w.Write(body)
}

func openTest(t *testing.T, cfg Config) catalog.Pictures {
	t.Helper()
	p, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func openObjects(t *testing.T) (catalog.Pictures, *objects) {
	t.Helper()
	o := &objects{stored: map[string][]byte{}}
	server := httptest.NewServer(o)
	t.Cleanup(server.Close)
	return openTest(t, Config{
		URL: "s3://shelf?region=eu-west-1&endpoint=" + server.URL, AccessKeyID: "id", SecretAccessKey: "secret",
	}), o
}

func TestAPictureComesBackAsItWasPut(t *testing.T) {
	bucket, _ := openObjects(t)
	for name, pictures := range map[string]catalog.Pictures{
		"folder": openTest(t, Config{URL: "file:" + filepath.Join(t.TempDir(), "new", "covers")}),
		"bucket": bucket,
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 { // putting it again is no error
				if err := pictures.Put(t.Context(), keyA, []byte("jpeg")); err != nil {
					t.Fatal(err)
				}
			}
			if got, err := pictures.Get(t.Context(), keyA); err != nil || string(got) != "jpeg" {
				t.Errorf("got %q, %v", got, err)
			}
			for _, key := range []string{keyB, "", "../" + keyA, strings.ToUpper(keyA), keyA + ".jpg", keyA + "-", keyA + "-20x"} {
				if got, err := pictures.Get(t.Context(), key); !errors.Is(err, catalog.ErrCoverNotFound) {
					t.Errorf("%q: got %q, %v; want ErrCoverNotFound", key, got, err)
				}
				if key != keyB && pictures.Put(t.Context(), key, nil) == nil {
					t.Errorf("%q was put", key)
				}
			}
		})
	}
}

func TestAFolderIsShared(t *testing.T) {
	dir := t.TempDir()
	writer, reader := openTest(t, Config{URL: "file://" + dir}), openTest(t, Config{URL: "file:" + dir})
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			if err := writer.Put(t.Context(), keyA, bytes.Repeat([]byte("x"), 1<<16)); err != nil {
				t.Error(err)
			}
			if got, err := reader.Get(t.Context(), keyA); err != nil || len(got) != 1<<16 {
				t.Errorf("got %d bytes, %v", len(got), err)
			}
		})
	}
	group.Wait()
	if files, err := os.ReadDir(dir); err != nil || len(files) != 1 {
		t.Errorf("the folder holds %v, %v", files, err)
	}
}

func TestABucketThatIsAwayIsSaidToBe(t *testing.T) {
	bucket, o := openObjects(t)
	o.status = http.StatusForbidden
	if err := bucket.Put(t.Context(), keyA, nil); !apierr.IsKind(err, apierr.KindUnavailable) {
		t.Errorf("put: got %v, want kind Unavailable", err)
	}
	if _, err := bucket.Get(t.Context(), keyA); !apierr.IsKind(err, apierr.KindUnavailable) {
		t.Errorf("get: got %v, want kind Unavailable", err)
	}
}

func TestAnAddressThatNamesNoPlaceIsRefused(t *testing.T) {
	for _, url := range []string{"", "covers", "file:", "file://host/covers", "s3://shelf", "s3:?region=x", "gs://shelf?region=x", ":"} {
		if _, err := Open(Config{URL: url}); err == nil || !strings.HasPrefix(err.Error(), "COVERS_URL must be ") {
			t.Errorf("%q: got %v", url, err)
		}
	}
}
