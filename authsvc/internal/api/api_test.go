package api_test

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/authsvc/internal/api"
	"bookstore/authsvc/internal/auth"
	authmail "bookstore/authsvc/internal/mail"
	"bookstore/authsvc/internal/store"
	"bookstore/shared/apierr"
	"bookstore/shared/audit/auditstore"
	"bookstore/shared/authapi"
	"bookstore/shared/envelope"
	"bookstore/shared/httpclient"
	"bookstore/shared/mail"
	"bookstore/shared/seal"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"

	"github.com/alexedwards/argon2id"
)

const (
	password   = "correct horse"
	adminEmail = "admin@example.org"
)

var (
	serviceKey = strings.Repeat("k", 32)
	auditKey   = seal.Key(strings.Repeat("e", 32))
)

// cheap makes hashing fast enough for tests.
var cheap = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// TestMain keeps the access log out of the tests' output.
func TestMain(m *testing.M) {
	slog.SetLogLoggerLevel(slog.LevelError)
	m.Run()
}

// server is authsvc on a database of its own, with a clock that tests move.
type server struct {
	*authapi.Client
	service *auth.Service
	db      *sqldb.DB
	url     string

	mu     sync.Mutex
	now    time.Time
	outbox *mail.Outbox
	box    postbox
}

// run runs test against a fresh server on each database.
func run(t *testing.T, test func(t *testing.T, s *server)) {
	t.Helper()
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) { test(t, start(t, db)) })
}

func start(t *testing.T, db *sqldb.DB) *server {
	t.Helper()
	keys, err := token.ParseKeyRing(token.NewSeed())
	must(t, err)
	issuer, err := token.NewIssuer(keys, token.DefaultIssuer, token.DefaultAudience)
	must(t, err)
	verifier, err := token.NewStaticVerifier(keys, token.DefaultIssuer, token.DefaultAudience)
	must(t, err)
	hasher, err := auth.NewHasher(cheap, 4, 100)
	must(t, err)

	secrets := envelope.NewRandom()
	s := &server{now: time.Now(), db: db}
	s.service = auth.NewService(store.New(db, auditKey), hasher, issuer, secrets, s.time)
	s.outbox = mail.NewOutbox("auth", store.NewOutbox(db), authmail.Composer{PublicURL: "http://shop.test", Secrets: secrets}, authmail.Accounts{Service: s.service}, &s.box, s.time)
	web := httptest.NewServer(api.New(s.service, api.Config{Mails: s.outbox, Audit: auditstore.New(db, auditKey), Issuer: issuer, ServiceKey: serviceKey, Verifier: verifier}))
	t.Cleanup(web.Close)
	s.url = web.URL
	s.Client = s.client(serviceKey)
	return s
}

func (s *server) client(serviceKey string) *authapi.Client {
	return authapi.NewClient(httpclient.New(httpclient.Config{Name: "authsvc", BaseURL: s.url, ServiceKey: serviceKey}))
}

func (s *server) time() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

// pass moves the clock.
func (s *server) pass(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *server) sweep(t *testing.T) {
	t.Helper()
	more, err := s.service.Sweep(t.Context())
	if must(t, err); more {
		t.Error("there is more to sweep than a test has made")
	}
}

// register makes an account with the password of all tests.
func (s *server) register(t *testing.T, email string) authapi.Grant {
	t.Helper()
	grant, err := s.Register(t.Context(), authapi.Register{Email: email, Password: password, Name: "Ann"})
	must(t, err)
	return grant
}

func (s *server) login(t *testing.T, email string) authapi.Grant {
	t.Helper()
	grant, err := s.Login(t.Context(), authapi.Login{Email: email, Password: password})
	must(t, err)
	return grant
}

func (s *server) seller(t *testing.T, email string) authapi.Grant {
	t.Helper()
	grant, err := s.StartSelling(as(t, s.register(t, email)), authapi.StartSelling{SellerName: "Books of " + email})
	must(t, err)
	return grant
}

func (s *server) admin(t *testing.T) authapi.Grant {
	t.Helper()
	must(t, s.service.EnsureAdmin(t.Context(), adminEmail, password))
	return s.login(t, adminEmail)
}

// as returns a context on behalf of the grant's holder.
func as(t *testing.T, g authapi.Grant) context.Context {
	return httpclient.WithBearer(t.Context(), g.AccessToken)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// codeOf returns the code that err carries: "" without an error, and
// "field code" if it blames fields, one after the other.
func codeOf(err error) string {
	if err == nil {
		return ""
	}
	e, ok := apierr.As(err)
	if !ok {
		return err.Error()
	}
	if len(e.Fields) == 0 {
		return e.Code
	}
	var all []string
	for _, f := range e.Fields {
		all = append(all, f.Field+" "+f.Code)
	}
	return strings.Join(all, ", ")
}

func wantCode(t *testing.T, what string, err error, want string) {
	t.Helper()
	if got := codeOf(err); got != want {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}
