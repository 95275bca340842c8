package access

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/authapi"
	"bookstore/shared/token"
)

// caller is somebody who asks for something: programs know them by a token, the
// shop's pages by a cookie. Guests have neither.
type caller struct {
	name string
	shoptest.Account
	cookie string
}

func (c caller) sign(req *http.Request, program string) {
	switch {
	case program == cluster.Frontend && c.cookie != "":
		req.Header.Set("Cookie", "session="+c.cookie)
	case program != cluster.Frontend && c.Token != "":
		req.Header.Set("Authorization", "Bearer "+c.Token)
	}
}

// people are the callers, by the columns of the matrix. Those of a column get
// the same answers.
type people map[string][]caller

// columns are in the order in which the callers ask: those whom an endpoint may
// obey come last, so that what they change hides nothing from the others.
var columns = []string{"guest", "ended", "forged", "buyer2", "seller2", "buyer", "seller", "admin"}

// renew makes new accounts for all who are somebody.
func (all people) renew(t *testing.T, s *shoptest.Shop) {
	t.Helper()
	for _, name := range []string{"buyer", "buyer2"} {
		all[name] = []caller{signedIn(t, s, name, s.Register(t, name))}
	}
	for _, name := range []string{"seller", "seller2"} {
		all[name] = []caller{signedIn(t, s, name, s.RegisterSeller(t, "Shelf of "+shoptest.NewEmail()))}
	}
	all["admin"] = []caller{signedIn(t, s, "admin", s.SignIn(t, shoptest.Admin))}
}

func signedIn(t *testing.T, s *shoptest.Shop, name string, a shoptest.Account) caller {
	t.Helper()
	resp, err := pages.NewBrowser().PostForm(s.URL+"/login", pages.Form("email", a.Email, "password", a.Password))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	for _, c := range resp.Cookies() {
		if c.Name == "session" {
			return caller{name, a, c.Value}
		}
	}
	t.Fatalf("%s can't sign in: %s", name, resp.Status)
	return caller{}
}

// nobodies returns the callers who are to be taken for nobody: guests, and those
// who were somebody or pretend to be. It returns when every program knows.
func nobodies(t *testing.T, s *shoptest.Shop) people {
	t.Helper()
	admin := s.SignIn(t, shoptest.Admin)
	suspended := signedIn(t, s, "suspended", s.RegisterSeller(t, "Suspended"))
	status := authapi.StatusSuspended
	if _, err := s.Auth.UpdateUser(admin.As(t.Context()), suspended.ID, authapi.AdminUpdate{Status: &status}); err != nil {
		t.Fatal(err)
	}
	revoked := signedIn(t, s, "revoked", s.RegisterSeller(t, "Revoked"))
	if err := s.Auth.EndOtherSessions(revoked.As(t.Context())); err != nil { // those of the pages
		t.Fatal(err)
	}
	if err := s.Auth.Logout(revoked.As(t.Context())); err != nil {
		t.Fatal(err)
	}
	awaitRefused(t, s, suspended, revoked)

	claims := token.Claims{UserID: admin.ID, SessionID: "made-up", Role: token.Admin, Name: "Admin", ExpiresAt: time.Now().Add(time.Hour)}
	foreign := issue(t, token.NewSeed(), claims)
	claims.ExpiresAt = time.Now().Add(-time.Hour)
	return people{
		"guest": {{name: "guest"}},
		"ended": {suspended, revoked},
		"forged": {
			withToken("expired", issue(t, s.TokenKey(), claims)),
			withToken("foreign signature", foreign),
			withToken("alg: none", unsigned(foreign)),
		},
	}
}

// withToken returns a caller who shows a token, to pages as a cookie.
func withToken(name, raw string) caller {
	return caller{name, shoptest.Account{Token: raw}, raw}
}

func issue(t *testing.T, key string, claims token.Claims) string {
	t.Helper()
	keys, err := token.ParseKeyRing(key)
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := token.NewIssuer(keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := issuer.Issue(claims)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// unsigned makes the claims of a token an unsecured JWT (RFC 7519, section 6).
func unsigned(raw string) string {
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	return header + "." + strings.Split(raw, ".")[1] + "."
}

// awaitRefused waits until all programs have heard that sessions have ended.
func awaitRefused(t *testing.T, s *shoptest.Shop, callers ...caller) {
	t.Helper()
	for _, probe := range []endpoint{
		{program: cluster.Catalog, method: http.MethodGet, path: "/v1/categories"},
		{program: cluster.Shop, method: http.MethodGet, path: "/v1/payment-methods"},
		{program: cluster.Frontend, method: http.MethodGet, path: "/account"},
	} {
		for _, c := range callers {
			for deadline := time.Now().Add(30 * time.Second); ask(t, s, probe, c) == http.StatusOK; time.Sleep(100 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("%s still answers the %s caller", probe, c.name)
				}
			}
		}
	}
}

func (e endpoint) String() string { return fmt.Sprint(e.program, " ", e.method, " ", e.path) }
