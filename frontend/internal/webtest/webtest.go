// Package webtest visits the shop as a browser does, in front of a backend that
// a test makes up.
package webtest

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/frontend/internal/texts"
	"bookstore/frontend/internal/ui"
	"bookstore/frontend/internal/web"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/shopapi"
	"bookstore/shared/token"

	"github.com/PuerkitoBio/goquery"
)

// Stub is a backend that gives the same answer to a call each time: a wire
// type, a file, or the error to refuse it with. It notes what it was sent.
type Stub struct {
	mu      sync.Mutex
	Answers map[string]any // by method and path
	seen    []Sent
}

// Sent is a call that a Stub got.
type Sent struct {
	Call   string
	Query  url.Values
	Header http.Header
	Body   []byte
}

// Answer changes what a call, such as "GET /v1/books", is answered with.
func (b *Stub) Answer(call string, with any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Answers[call] = with
}

// ServeHTTP implements http.Handler. A call without an answer is a 404.
func (b *Stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	call := r.Method + " " + r.URL.Path
	b.mu.Lock()
	b.seen = append(b.seen, Sent{call, r.URL.Query(), r.Header, body})
	answer, ok := b.Answers[call]
	b.mu.Unlock()
	if err, failed := answer.(error); failed {
		httpserver.WriteProblem(w, r, err)
		return
	}
	if !ok {
		httpserver.NotFound(w, r)
		return
	}
	if picture, ok := answer.([]byte); ok {
		_, _ = w.Write(picture)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

// Last returns the latest call of this kind, and decodes its body.
func (b *Stub) Last(t *testing.T, call string, body any) Sent {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := len(b.seen) - 1; i >= 0; i-- {
		if b.seen[i].Call != call {
			continue
		}
		if body != nil {
			if err := json.Unmarshal(b.seen[i].Body, body); err != nil {
				t.Fatalf("%s: body %s: %v", call, b.seen[i].Body, err)
			}
		}
		return b.seen[i]
	}
	t.Fatalf("%s was not called", call)
	return Sent{}
}

// Called counts the calls of this kind.
func (b *Stub) Called(call string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, s := range b.seen {
		if s.Call == call {
			n++
		}
	}
	return n
}

// Browser visits the shop with the cookies it gets, without following redirects.
type Browser struct {
	t      *testing.T
	URL    string
	HTTP   *http.Client
	Lang   string // of the Accept-Language header
	Script bool   // asks for parts of pages, as htmx does
}

// Visit starts a shop in front of the backend and returns a browser, signed in
// as user unless that is nil.
func Visit(t *testing.T, backend *Stub, user *ui.User) *Browser {
	t.Helper()
	return VisitShop(t, backend, user, func(*web.Config) {})
}

// VisitShop is Visit for a shop with settings of its own.
func VisitShop(t *testing.T, backend *Stub, user *ui.User, set func(*web.Config)) *Browser {
	t.Helper()
	front := httptest.NewUnstartedServer(nil)
	public := "http://" + front.Listener.Addr().String()
	cfg, issuer := Config(t, backend, public)
	set(&cfg)
	front.Config.Handler = web.New(cfg)
	front.Start()
	t.Cleanup(front.Close)

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	jar.SetCookies(cfg.PublicURL, []*http.Cookie{{Name: "theme", Value: "auto", Path: "/"}}) // a browser that keeps cookies
	if user != nil {
		access := Token(t, issuer, user, 15*time.Minute)
		jar.SetCookies(cfg.PublicURL, []*http.Cookie{Session(t, cfg, user, access, 15*time.Minute)})
	}
	return &Browser{t: t, URL: public, HTTP: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}}
}

// Config returns the settings of a shop in front of the backend, and who issues
// the tokens that it accepts.
func Config(t testing.TB, backend *Stub, publicURL string) (web.Config, *token.Issuer) {
	t.Helper()
	keys, err := token.ParseKeyRing(token.NewSeed())
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := token.NewStaticVerifier(keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := token.NewIssuer(keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		t.Fatal(err)
	}
	public, err := url.Parse(publicURL)
	if err != nil {
		t.Fatal(err)
	}
	client := newClient(t, backend)
	pages, err := texts.Load("")
	if err != nil {
		t.Fatal(err)
	}
	return web.Config{
		PublicURL: public, Currency: "USD", HomeCountry: "CO", TimeZone: time.UTC, Texts: pages, ContactEmail: "help@books.example",
		SessionKeys: [][]byte{[]byte(strings.Repeat("h", 32)), []byte(strings.Repeat("e", 32))},
		Auth:        authapi.NewClient(client), Catalog: catalogapi.NewClient(client), Shop: shopapi.NewClient(client),
		Verifier: verifier,
	}, issuer
}

func newClient(t testing.TB, backend *Stub) *httpclient.Client {
	if backend.Answers == nil {
		backend.Answers = map[string]any{}
	}
	services := httptest.NewServer(backend)
	t.Cleanup(services.Close)
	return httpclient.New(httpclient.Config{Name: "stub", BaseURL: services.URL, Timeout: 2 * time.Second})
}

// Token returns an access token of a user that ends after a while.
func Token(t testing.TB, issuer *token.Issuer, user *ui.User, left time.Duration) string {
	t.Helper()
	access, err := issuer.Issue(token.Claims{
		UserID: user.ID, SessionID: "s", Role: user.Role, Name: user.Name, ExpiresAt: time.Now().Add(left),
	})
	if err != nil {
		t.Fatal(err)
	}
	return access
}

// Session signs a user in at a shop whose authsvc grants an access token that
// ends after a while, and returns the session's cookie.
func Session(t testing.TB, cfg web.Config, user *ui.User, access string, left time.Duration) *http.Cookie {
	t.Helper()
	grant := authapi.Grant{
		AccessToken: access, RefreshToken: "r", ExpiresAt: time.Now().Add(left),
		User: authapi.User{ID: user.ID, Name: user.Name, Role: user.Role},
	}
	cfg.Auth = authapi.NewClient(newClient(t, &Stub{Answers: map[string]any{"POST /v1/sessions": grant}}))
	w := httptest.NewRecorder()
	web.New(cfg).ServeHTTP(w, httptest.NewRequest(http.MethodPost, cfg.PublicURL.String()+"/login", nil))
	for _, c := range w.Result().Cookies() {
		if strings.HasSuffix(c.Name, "session") {
			return c
		}
	}
	t.Fatalf("signing in: status %d without a session", w.Code)
	return nil
}

// Answer is what a Browser got.
type Answer struct {
	t      *testing.T
	Status int
	Header http.Header
	Page   *goquery.Document
}

// Get opens a page.
func (b *Browser) Get(path string) Answer {
	return b.Send(http.MethodGet, path, nil)
}

// Post sends a form of names and values, in turn.
func (b *Browser) Post(path string, pairs ...string) Answer {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.Send(http.MethodPost, path, form)
}

// Send sends a form, or nothing if it is nil.
func (b *Browser) Send(method, path string, form url.Values) Answer {
	b.t.Helper()
	contentType := ""
	if form != nil {
		contentType = "application/x-www-form-urlencoded"
	}
	return b.SendBody(method, path, contentType, strings.NewReader(form.Encode()))
}

// SendBody sends a body of a content type. Any failure of the connection ends the
// test.
func (b *Browser) SendBody(method, path, contentType string, body io.Reader) Answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.URL+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	if b.Lang != "" {
		r.Header.Set("Accept-Language", b.Lang)
	}
	if b.Script {
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Request-Type", "partial")
	}
	resp, err := b.HTTP.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return Answer{b.t, resp.StatusCode, resp.Header, page}
}

// Shows fails unless the status is as wanted and each of the selectors finds
// something.
func (a Answer) Shows(status int, selectors ...string) {
	a.t.Helper()
	if a.Status != status {
		a.t.Errorf("status: got %d, want %d: %s", a.Status, status, a.Text("main"))
	}
	for _, s := range selectors {
		if a.Page.Find(s).Length() == 0 {
			a.t.Errorf("nothing matches %q in: %s", s, a.Text("body"))
		}
	}
}

// Says fails unless what the selector finds contains a text.
func (a Answer) Says(selector, want string) {
	a.t.Helper()
	if got := a.Text(selector); !strings.Contains(got, want) {
		a.t.Errorf("%s: got %q, want %q in it", selector, got, want)
	}
}

// Leads fails unless the answer is a redirect to a path.
func (a Answer) Leads(to string) {
	a.t.Helper()
	got := a.Header.Get("Location")
	if a.Status == http.StatusOK {
		got = a.Header.Get("HX-Redirect")
	}
	if got != to {
		a.t.Errorf("got status %d to %q, want a redirect to %q: %s", a.Status, got, to, a.Text("main"))
	}
}

// Text returns the text of what a CSS selector finds, white space folded.
func (a Answer) Text(selector string) string {
	return strings.Join(strings.Fields(a.Page.Find(selector).Text()), " ")
}

// Value returns what the input of this name holds, or "".
func (a Answer) Value(input string) string {
	value, _ := a.Page.Find(`[name="` + input + `"]`).Attr("value")
	return value
}

var (
	Buyer  = &ui.User{ID: 7, Name: "Ana", Role: token.Buyer}
	Seller = &ui.User{ID: 8, Name: "Beto", Role: token.Seller}
	Admin  = &ui.User{ID: 9, Name: "Carla", Role: token.Admin}
)

// Cookie returns the value of a cookie, or "".
func (b *Browser) Cookie(name string) string {
	u, _ := url.Parse(b.URL)
	for _, c := range b.HTTP.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

// WithCart gives a browser the cart of a guest.
func WithCart(b *Browser) *Browser {
	u, _ := url.Parse(b.URL)
	b.HTTP.Jar.SetCookies(u, []*http.Cookie{{Name: "cart", Value: "0123456789abcdef", Path: "/"}})
	return b
}
