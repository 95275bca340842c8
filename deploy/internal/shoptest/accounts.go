package shoptest

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"

	"bookstore/deploy/internal/pages"
	"bookstore/shared/authapi"
	"bookstore/shared/httpclient"
)

// SignedIn returns a browser in which a has signed in through the login page.
func (s *Shop) SignedIn(t *testing.T, a Account) *http.Client {
	t.Helper()
	client := pages.NewBrowser()
	resp, err := client.PostForm(s.URL+"/login", pages.Form("email", a.Email, "password", a.Password))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusSeeOther {
		t.Fatalf("login: %s", resp.Status)
	}
	return client
}

// RegisterMany makes accounts, a few at a time.
func (s *Shop) RegisterMany(t *testing.T, n int) []Account {
	t.Helper()
	accounts := make([]Account, n)
	errs := make([]error, n)
	free := make(chan struct{}, 8)
	var registering sync.WaitGroup
	for i := range accounts {
		free <- struct{}{}
		registering.Go(func() {
			defer func() { <-free }()
			accounts[i], errs[i] = s.NewAccount(t.Context(), fmt.Sprintf("Buyer %d", i+1))
		})
	}
	registering.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return accounts
}

// Admin is the account that every shop of these tests starts with.
var Admin = Account{Email: "admin@example.com", Password: "correct horse battery", Name: "Admin"}

// Account is a person who uses the shop through its APIs.
type Account struct {
	Email, Password, Name string
	ID                    int64
	Token                 string
}

// As returns a context for calls on behalf of a.
func (a Account) As(ctx context.Context) context.Context {
	return httpclient.WithFresh(httpclient.WithBearer(ctx, a.Token))
}

var people atomic.Int64

// NewEmail returns an address that nobody else in this process has.
func NewEmail() string { return fmt.Sprintf("person%d@example.com", people.Add(1)) }

// Register makes an account with an address of its own.
func (s *Shop) Register(t *testing.T, name string) Account {
	t.Helper()
	a, err := s.NewAccount(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// NewAccount is register for goroutines that may not end the test.
func (s *Shop) NewAccount(ctx context.Context, name string) (Account, error) {
	a := Account{
		Email:    NewEmail(),
		Password: "correct horse battery",
		Name:     name,
	}
	grant, err := s.Auth.Register(ctx, authapi.Register{Email: a.Email, Password: a.Password, Name: a.Name})
	if err != nil {
		return a, fmt.Errorf("register %s: %w", name, err)
	}
	a.ID, a.Token = grant.User.ID, grant.AccessToken
	return a, nil
}

// SignIn returns an account that exists with a new token.
func (s *Shop) SignIn(t *testing.T, a Account) Account {
	t.Helper()
	grant, err := s.Auth.Login(t.Context(), authapi.Login{Email: a.Email, Password: a.Password})
	if err != nil {
		t.Fatalf("sign in as %s: %v", a.Email, err)
	}
	a.ID, a.Token = grant.User.ID, grant.AccessToken
	return a
}

// RegisterSeller makes an account that may sell.
func (s *Shop) RegisterSeller(t *testing.T, name string) Account {
	t.Helper()
	a := s.Register(t, name)
	grant, err := s.Auth.StartSelling(a.As(t.Context()), authapi.StartSelling{SellerName: name})
	if err != nil {
		t.Fatalf("start selling: %v", err)
	}
	a.Token = grant.AccessToken
	return a
}
