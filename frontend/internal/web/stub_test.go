package web

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

	"bookstore/frontend/internal/view"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/shopapi"
	"bookstore/shared/token"

	"github.com/PuerkitoBio/goquery"
)

// stub is a backend that gives the same answer to a call each time: a wire
// type, a file, or the error to refuse it with. It notes what it was sent.
type stub struct {
	mu      sync.Mutex
	answers map[string]any // by method and path
	seen    []sent
}

// sent is a call that a stub got.
type sent struct {
	Call   string
	Query  url.Values
	Header http.Header
	Body   []byte
}

func (b *stub) answer(call string, with any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.answers[call] = with
}

func (b *stub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	call := r.Method + " " + r.URL.Path
	b.mu.Lock()
	b.seen = append(b.seen, sent{call, r.URL.Query(), r.Header, body})
	answer, ok := b.answers[call]
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

// last returns the latest call of this kind, and decodes its body.
func (b *stub) last(t *testing.T, call string, body any) sent {
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
	return sent{}
}

func (b *stub) called(call string) int {
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

// browser visits the shop with the cookies it gets, without following redirects.
type browser struct {
	t      *testing.T
	url    string
	http   *http.Client
	lang   string
	script bool // asks for parts of pages, as htmx does
}

// visit starts a shop in front of the stub and returns a browser, signed in as
// user unless that is nil.
func visit(t *testing.T, backend *stub, user *view.User) *browser {
	t.Helper()
	keys, err := token.ParseKeyRing(token.NewSeed())
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := token.NewStaticVerifier(keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		t.Fatal(err)
	}
	if backend.answers == nil {
		backend.answers = map[string]any{}
	}
	services := httptest.NewServer(backend)
	t.Cleanup(services.Close)
	client := httpclient.New(httpclient.Config{Name: "stub", BaseURL: services.URL, Timeout: 2 * time.Second})

	front := httptest.NewUnstartedServer(nil)
	public := &url.URL{Scheme: "http", Host: front.Listener.Addr().String()}
	cfg := Config{
		PublicURL: public, Currency: "USD", HomeCountry: "CO",
		SessionKeys: [][]byte{[]byte(strings.Repeat("h", 32)), []byte(strings.Repeat("e", 32))},
		Auth:        authapi.NewClient(client), Catalog: catalogapi.NewClient(client), Shop: shopapi.NewClient(client),
		Verifier: verifier,
	}
	front.Config.Handler = New(cfg)
	front.Start()
	t.Cleanup(front.Close)

	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if user != nil {
		jar.SetCookies(public, sessionCookies(t, cfg, keys, *user))
	}
	return &browser{t: t, url: public.String(), http: &http.Client{Jar: jar, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}}
}

func sessionCookies(t *testing.T, cfg Config, keys token.KeyRing, user view.User) []*http.Cookie {
	t.Helper()
	issuer, err := token.NewIssuer(keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		t.Fatal(err)
	}
	ends := time.Now().Add(15 * time.Minute)
	access, err := issuer.Issue(token.Claims{UserID: user.ID, SessionID: "s", Role: user.Role, Name: user.Name, ExpiresAt: ends})
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{Config: cfg, sessions: newSessionStore(cfg)}
	w := httptest.NewRecorder()
	if err := s.saveSession(w, httptest.NewRequest("GET", "/", nil), &session{Access: access, Refresh: "r", ExpiresAt: ends, User: user}); err != nil {
		t.Fatal(err)
	}
	return w.Result().Cookies()
}

// answer is what a browser got.
type answer struct {
	t      *testing.T
	Status int
	Header http.Header
	Page   *goquery.Document
}

func (b *browser) get(path string) answer {
	return b.send(http.MethodGet, path, nil)
}

func (b *browser) post(path string, pairs ...string) answer {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Add(pairs[i], pairs[i+1])
	}
	return b.send(http.MethodPost, path, form)
}

func (b *browser) send(method, path string, form url.Values) answer {
	b.t.Helper()
	contentType := ""
	if form != nil {
		contentType = "application/x-www-form-urlencoded"
	}
	return b.sendBody(method, path, contentType, strings.NewReader(form.Encode()))
}

func (b *browser) sendBody(method, path, contentType string, body io.Reader) answer {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), method, b.url+path, body)
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", contentType)
	if b.lang != "" {
		r.Header.Set("Accept-Language", b.lang)
	}
	if b.script {
		r.Header.Set("HX-Request", "true")
		r.Header.Set("HX-Request-Type", "partial")
	}
	resp, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := goquery.NewDocumentFromReader(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return answer{b.t, resp.StatusCode, resp.Header, page}
}

// shows fails unless the status is as wanted and each of the selectors finds
// something.
func (a answer) shows(status int, selectors ...string) {
	a.t.Helper()
	if a.Status != status {
		a.t.Errorf("status: got %d, want %d: %s", a.Status, status, a.text("main"))
	}
	for _, s := range selectors {
		if a.Page.Find(s).Length() == 0 {
			a.t.Errorf("nothing matches %q in: %s", s, a.text("body"))
		}
	}
}

// says fails unless what the selector finds contains a text.
func (a answer) says(selector, want string) {
	a.t.Helper()
	if got := a.text(selector); !strings.Contains(got, want) {
		a.t.Errorf("%s: got %q, want %q in it", selector, got, want)
	}
}

// leads fails unless the answer is a redirect to a path.
func (a answer) leads(to string) {
	a.t.Helper()
	got := a.Header.Get("Location")
	if a.Status == http.StatusOK {
		got = a.Header.Get("HX-Redirect")
	}
	if got != to {
		a.t.Errorf("got status %d to %q, want a redirect to %q: %s", a.Status, got, to, a.text("main"))
	}
}

func (a answer) text(selector string) string {
	return strings.Join(strings.Fields(a.Page.Find(selector).Text()), " ")
}

func (a answer) value(input string) string {
	value, _ := a.Page.Find(`[name="` + input + `"]`).Attr("value")
	return value
}

var (
	buyer  = &view.User{ID: 7, Name: "Ana", Role: token.Buyer}
	seller = &view.User{ID: 8, Name: "Beto", Role: token.Seller}
	admin  = &view.User{ID: 9, Name: "Carla", Role: token.Admin}
)

func refusal(kind apierr.Kind, code string) *apierr.Error { return apierr.New(kind, code) }
