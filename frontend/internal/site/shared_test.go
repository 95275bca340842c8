package site_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/frontend/internal/ui"
	"bookstore/frontend/internal/web"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
	"bookstore/shared/token"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

// plain returns what a browser reads of an answer.
func plain(w *httptest.ResponseRecorder) (string, error) {
	var r io.Reader = w.Body
	switch w.Header().Get("Content-Encoding") {
	case "zstd":
		z, err := zstd.NewReader(r)
		if err != nil {
			return "", err
		}
		defer z.Close()
		r = z
	case "br":
		r = brotli.NewReader(r)
	case "gzip":
		z, err := gzip.NewReader(r)
		if err != nil {
			return "", err
		}
		z.Multistream(false) // as browsers read it
		r = z
	}
	text, err := io.ReadAll(r)
	return string(text), err
}

// carts is a shopsvc that counts another number in each cart, and sends parcels
// to each country at another price.
func carts(t *testing.T) *shopapi.Client {
	services := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		owner := r.Header.Get("Authorization") + r.Header.Get(shopapi.HeaderCart)
		switch r.URL.Path {
		case "/v1/cart/count":
			_ = json.NewEncoder(w).Encode(shopapi.CartCount{Count: int64(10 + len(owner))})
		case "/v1/delivery-providers/cheapest":
			country := r.FormValue("country")
			_ = json.NewEncoder(w).Encode(shopapi.DeliveryQuotes{Country: country, Items: []shopapi.DeliveryQuote{{Cost: webtest.USD(int64(country[0]))}}})
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(services.Close)
	return shopapi.NewClient(httpclient.New(httpclient.Config{Name: "shopsvc", BaseURL: services.URL}))
}

// asking is what a request for a shared page says, each field one of some values.
type asking struct{ path, who, cookies, part, language int }

var (
	sharedPaths = []string{"/", "/books", "/books?q=dracula&utm_source=x", "/books?cursor=more", "/books?min_price=lots", "/books/7", "/books/suggestions?q=dr", "/categories/classics?utm_source=x", "/sellers/8/any-name", "/authors/bram-stoker"}
	someCookies = []string{"", "theme=dark", "theme=light; lang=es", "country=US", "country=US; lang=es; flash=success:cart_added", "flash=info:cart_removed", "cart=0123456789abcdef"}
)

func (a asking) request(sessions []*http.Cookie) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "http://shop.example"+sharedPaths[a.path], nil)
	r.Header.Set("Cookie", someCookies[a.cookies])
	if session := sessions[a.who]; session != nil {
		r.AddCookie(session)
	}
	if a.part == 1 {
		r.Header.Set("HX-Request-Type", "partial")
		r.Header.Set("HX-Current-URL", "http://shop.example/books?q=else")
	}
	r.Header.Set("Accept-Language", []string{"en", "es"}[a.language])
	return r
}

// answer is what is to be the same for the same visitor.
func answer(w *httptest.ResponseRecorder, text string) string {
	h := w.Header()
	return fmt.Sprint(w.Code, h["Location"], h["Hx-Push-Url"], h["Set-Cookie"], h["Cache-Control"], h["Vary"], text)
}

// Whoever asks, however many at once: each answer is what the same visitor gets from
// a shop that nobody else has ever asked.
func TestNobodyGetsAPieceOfSomebodyElsesPage(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	cfg, issuer := webtest.Config(t, backend, "http://shop.example")
	cfg.Shop = carts(t)
	sessions := []*http.Cookie{nil}
	for _, user := range []*ui.User{webtest.Buyer, {ID: 17, Name: "Zoë <b>Somebody</b>", Role: token.Buyer}, webtest.Seller, webtest.Admin} {
		sessions = append(sessions, webtest.Session(t, cfg, user, webtest.Token(t, issuer, user, 15*time.Minute), 15*time.Minute))
	}
	random := rand.New(rand.NewPCG(1, 2))
	alone, all := map[asking]string{}, []asking{}
	for len(all) < 150 {
		a := asking{random.IntN(len(sharedPaths)), random.IntN(len(sessions)), random.IntN(len(someCookies)), random.IntN(2), random.IntN(2)}
		if _, known := alone[a]; known {
			continue
		}
		w := httptest.NewRecorder()
		web.New(cfg).ServeHTTP(w, a.request(sessions))
		alone[a] = answer(w, w.Body.String())
		all = append(all, a)
	}
	shop := web.New(cfg)
	var group sync.WaitGroup
	for visitor := range 4 {
		group.Go(func() {
			random := rand.New(rand.NewPCG(3, uint64(visitor)))
			for range 500 {
				a := all[random.IntN(len(all))]
				encoding := []string{"", "gzip, deflate", "gzip, deflate, br", "gzip, deflate, br, zstd"}[random.IntN(4)]
				r, w := a.request(sessions), httptest.NewRecorder()
				r.Header.Set("Accept-Encoding", encoding)
				if random.IntN(50) == 0 {
					r.AddCookie(&http.Cookie{Name: "fresh", Value: "1"})
				}
				shop.ServeHTTP(w, r)
				text, err := plain(w)
				got := answer(w, text)
				if err != nil || got != alone[a] {
					t.Errorf("%s %q with %q, part %d, as user %d: got (%v) %.5000s\nwant %.5000s", sharedPaths[a.path], encoding, someCookies[a.cookies], a.part, a.who, err, got, alone[a])
					return
				}
			}
		})
	}
	group.Wait()
}

func TestAGuestWhoHasThePageIsToldSoAndNobodyElseIs(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	cfg, issuer := webtest.Config(t, backend, "http://shop.example")
	session := webtest.Session(t, cfg, webtest.Buyer, webtest.Token(t, issuer, webtest.Buyer, 15*time.Minute), 15*time.Minute)
	shop := web.New(cfg)
	ask := func(etag string, change func(*http.Request)) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest(http.MethodGet, "http://shop.example/books", nil), httptest.NewRecorder()
		r.Header.Set("Accept-Encoding", "gzip")
		r.Header.Set("If-None-Match", etag)
		change(r)
		shop.ServeHTTP(w, r)
		return w
	}
	nothing := func(*http.Request) {}
	etag := ask("", nothing).Header().Get("ETag")
	again := ask(`"other", W/`+etag, nothing)
	if again.Code != http.StatusNotModified || again.Body.Len() != 0 || again.Header().Get("Cache-Control") != "private, no-cache" || again.Header().Get("Content-Encoding") != "" {
		t.Errorf("a guest who has the page gets %d %v", again.Code, again.Header())
	}
	for who, change := range map[string]func(*http.Request){
		"a user":           func(r *http.Request) { r.AddCookie(session) },
		"a script":         func(r *http.Request) { r.Header.Set("HX-Request-Type", "partial") },
		"another language": func(r *http.Request) { r.Header.Set("Accept-Language", "es") },
		"another theme":    func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "theme", Value: "dark"}) },
		"another encoding": func(r *http.Request) { r.Header.Set("Accept-Encoding", "br") },
		"one with a flash": func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "flash", Value: "info:cart_removed"}) },
	} {
		if w := ask(etag, change); w.Code != http.StatusOK || w.Body.Len() == 0 {
			t.Errorf("%s: told that they have the page: %d", who, w.Code)
		}
	}
	backend.Answer("GET /v1/books", webtest.SomeBooks("more"))
	if w := ask(etag, func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "fresh", Value: "1"}) }); w.Code != http.StatusOK {
		t.Errorf("a page that has changed: %d", w.Code)
	}
}

// The pages that are asked for most, beside a handler that answers the same bytes.
func BenchmarkSharedPages(b *testing.B) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	cfg, issuer := webtest.Config(b, backend, "http://shop.example")
	session := webtest.Session(b, cfg, webtest.Buyer, webtest.Token(b, issuer, webtest.Buyer, 15*time.Minute), 15*time.Minute)
	shop := web.New(cfg)
	for _, path := range []string{"/", "/books", "/books?q=dracula", "/books/7"} {
		for _, who := range []string{"guest", "user"} {
			r := httptest.NewRequest(http.MethodGet, "http://shop.example"+path, nil)
			r.Header.Set("Accept-Encoding", "gzip, deflate, br, zstd")
			if who == "user" {
				r.AddCookie(session)
			}
			w := httptest.NewRecorder()
			shop.ServeHTTP(w, r)
			body := bytes.Clone(w.Body.Bytes())
			bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(body) })
			for name, handler := range map[string]http.Handler{"shop": shop, "bare": bare} {
				b.Run(strings.Join([]string{path, who, name}, " "), func(b *testing.B) { serveOverTCP(b, handler, r) })
			}
		}
	}
}

// serveOverTCP answers one kept-alive connection after the other.
func serveOverTCP(b *testing.B, handler http.Handler, ask *http.Request) {
	server := httptest.NewServer(handler)
	defer server.Close()
	b.ReportAllocs()
	for b.Loop() {
		r := ask.Clone(b.Context())
		r.RequestURI, r.URL.Host = "", strings.TrimPrefix(server.URL, "http://")
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		resp.Body.Close()
	}
}
