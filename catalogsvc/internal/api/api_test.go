package api_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"bookstore/catalogsvc/internal/api"
	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/covers"
	"bookstore/catalogsvc/internal/index"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
)

const serviceKey = "0123456789abcdef0123456789abcdef"

// sellers is an authsvc that knows these names; an error stands for its outage.
type sellers struct {
	names map[int64]string
	err   error
}

func (s *sellers) SellerName(_ context.Context, id int64) (string, error) { return s.names[id], s.err }

// world is catalogsvc as its callers see it.
type world struct {
	*catalogapi.Client // of somebody on the internet, with whatever token the context has
	service            *catalogapi.Client
	url                string
	issuer             *token.Issuer
	sellers            *sellers
}

// onBoth runs test against the real handler on both databases.
func onBoth(t *testing.T, test func(t *testing.T, w *world)) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) { test(t, newWorld(t, db)) })
}

func newWorld(t testing.TB, db *sqldb.DB) *world {
	t.Helper()
	return newWorldWith(t, db, api.Config{})
}

// newWorldWith is newWorld with further settings.
func newWorldWith(t testing.TB, db *sqldb.DB, cfg api.Config) *world {
	t.Helper()
	keys, err := token.ParseKeyRing(token.NewSeed())
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := token.NewIssuer(keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		t.Fatal(err)
	}
	verifier, err := token.NewStaticVerifier(keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		t.Fatal(err)
	}
	names := &sellers{names: map[int64]string{1: "Corner Books", 2: "Attic Finds"}}
	books := store.New(db)
	searches := index.NewLive(books, "", time.Now)
	if _, err := searches.Follow(t.Context()); err != nil {
		t.Fatal(err)
	}
	service := catalog.NewService(books, searches, names, time.Now)
	pictures, err := covers.Open(covers.Config{URL: "file:" + t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	cfg.Covers, cfg.Currency, cfg.ServiceKey, cfg.Verifier = catalog.NewCovers(books, pictures, time.Now), "USD", serviceKey, verifier
	server := httptest.NewServer(api.New(service, cfg))
	t.Cleanup(server.Close)
	client := func(key string) *catalogapi.Client {
		return catalogapi.NewClient(httpclient.New(httpclient.Config{Name: "catalogsvc", BaseURL: server.URL, ServiceKey: key}))
	}
	return &world{client(""), client(serviceKey), server.URL, issuer, names}
}

// as returns a context of calls by this user.
func (w *world) as(t testing.TB, role token.Role, id int64) context.Context {
	t.Helper()
	raw, err := w.issuer.Issue(token.Claims{
		UserID: id, SessionID: "s", Role: role, Name: "Token Name", ExpiresAt: time.Now().Add(time.Minute),
	})
	if err != nil {
		t.Fatal(err)
	}
	return httpclient.WithBearer(t.Context(), raw)
}

// emma is a listing that breaks no rule.
func emma() catalogapi.BookInput {
	return catalogapi.BookInput{
		Title:     "Emma",
		Authors:   []string{"Jane Austen"},
		ISBN:      "0-14-143958-0",
		Category:  "classics",
		Language:  "en",
		Year:      1815,
		Condition: catalogapi.ConditionGood,
		Price:     1299,
		Stock:     5,
	}
}

func (w *world) list(t testing.TB, ctx context.Context, in catalogapi.BookInput) catalogapi.Book {
	t.Helper()
	b, err := w.CreateBook(ctx, in)
	if err != nil {
		t.Fatalf("list %q: %v", in.Title, err)
	}
	return b
}

func wantCode(t *testing.T, what string, err error, code string) {
	t.Helper()
	if code == "" {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return
	}
	if e, ok := apierr.As(err); !ok || e.Code != code {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}

// wantField fails unless err blames this field with this code.
func wantField(t *testing.T, what string, err error, field, code string) {
	t.Helper()
	e, ok := apierr.As(err)
	if !ok || e.Kind != apierr.KindInvalid || !slices.ContainsFunc(e.Fields, func(f apierr.FieldError) bool {
		return f.Field == field && f.Code == code
	}) {
		t.Errorf("%s: got %v, want %s on %s", what, err, code, field)
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		owner := w.as(t, token.Seller, 1)
		callers := []struct {
			name                          string
			ctx                           context.Context
			create, edit, remove, reserve string // the error's code; empty: allowed
		}{
			{"anonymous", t.Context(), apierr.CodeUnauthenticated, apierr.CodeUnauthenticated, apierr.CodeUnauthenticated, apierr.CodeForbidden},
			{"bad token", httpclient.WithBearer(t.Context(), "nonsense"), apierr.CodeUnauthenticated, apierr.CodeUnauthenticated, apierr.CodeUnauthenticated, apierr.CodeForbidden},
			{"buyer", w.as(t, token.Buyer, 3), catalogapi.CodeSellersOnly, catalogapi.CodeSellersOnly, catalogapi.CodeSellersOnly, apierr.CodeForbidden},
			{"former seller", w.as(t, token.Buyer, 1), catalogapi.CodeSellersOnly, catalogapi.CodeSellersOnly, catalogapi.CodeSellersOnly, apierr.CodeForbidden},
			{"other seller", w.as(t, token.Seller, 2), "", catalogapi.CodeNotYourBook, catalogapi.CodeNotYourBook, apierr.CodeForbidden},
			{"admin", w.as(t, token.Admin, 9), "", catalogapi.CodeNotYourBook, "", apierr.CodeForbidden},
			{"owner", owner, "", "", "", apierr.CodeForbidden},
		}
		for _, c := range callers {
			book := w.list(t, owner, emma())
			_, err := w.CreateBook(c.ctx, emma())
			wantCode(t, c.name+" creates", err, c.create)
			_, err = w.UpdateBook(c.ctx, book.ID, catalogapi.BookUpdate{BookInput: emma(), Version: 1, StockShown: 5})
			wantCode(t, c.name+" edits", err, c.edit)
			wantReadable := ""
			if c.name == "bad token" {
				wantReadable = apierr.CodeUnauthenticated
			}
			_, err = w.Book(c.ctx, book.ID)
			wantCode(t, c.name+" reads", err, wantReadable)
			_, err = w.Books(c.ctx, catalogapi.BookQuery{Q: "emma"})
			wantCode(t, c.name+" searches", err, wantReadable)
			_, err = w.Categories(c.ctx)
			wantCode(t, c.name+" lists categories", err, wantReadable)
			_, err = w.Reserve(c.ctx, "r-1", catalogapi.Reserve{ExpiresAt: time.Now(), Lines: []catalogapi.ReservationLine{{BookID: book.ID, Quantity: 1, Price: 1299}}})
			wantCode(t, c.name+" reserves", err, c.reserve)
			_, err = w.Commit(c.ctx, "r-1")
			wantCode(t, c.name+" commits", err, c.reserve)
			err = w.Release(c.ctx, "r-1")
			wantCode(t, c.name+" releases", err, c.reserve)
			err = w.Restock(c.ctx, "r-1", catalogapi.Restock{Key: "k", Lines: []catalogapi.RestockLine{{BookID: book.ID, Quantity: 1}}})
			wantCode(t, c.name+" restocks", err, c.reserve)
			wantCode(t, c.name+" deletes", w.DeleteBook(c.ctx, book.ID), c.remove)
		}
	})
}

func TestAnUnknownBookIsNotFound(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		owner := w.as(t, token.Seller, 1)
		_, err := w.Book(t.Context(), 404)
		wantCode(t, "read", err, catalogapi.CodeBookNotFound)
		_, err = w.UpdateBook(owner, 404, catalogapi.BookUpdate{BookInput: emma(), Version: 1})
		wantCode(t, "edit", err, catalogapi.CodeBookNotFound)
		wantCode(t, "delete", w.DeleteBook(owner, 404), catalogapi.CodeBookNotFound)
		_, err = w.Book(t.Context(), -1)
		wantField(t, "a negative id", err, "id", apierr.CodeTooSmall)
	})
}

func TestAWrongKeyOpensNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		for _, key := range []string{"", "x", serviceKey + "x", serviceKey[1:]} {
			c := catalogapi.NewClient(httpclient.New(httpclient.Config{Name: "catalogsvc", BaseURL: w.url, ServiceKey: key}))
			wantCode(t, "release with key "+key, c.Release(t.Context(), "r-1"), apierr.CodeForbidden)
		}
		wantCode(t, "release with the right key", w.service.Release(t.Context(), "r-1"), "")
	})
}

func TestTheSellersNameFollowsTheAccount(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		name := func(b catalogapi.Book) string {
			got, err := w.Book(t.Context(), b.ID)
			if err != nil {
				t.Fatal(err)
			}
			return got.SellerName
		}
		first := w.list(t, w.as(t, token.Seller, 1), emma())
		w.sellers.names[1] = "Corner Books & Sons"
		w.list(t, w.as(t, token.Seller, 1), emma())
		if got := name(first); got != "Corner Books & Sons" {
			t.Errorf("after a change of name: %q", got)
		}
		w.sellers.err = errors.New("authsvc is away")
		if got := name(w.list(t, w.as(t, token.Seller, 1), emma())); got != "Corner Books & Sons" {
			t.Errorf("a known seller during an outage: %q", got)
		}
		if got := name(w.list(t, w.as(t, token.Seller, 2), emma())); got != "Token Name" {
			t.Errorf("an unknown seller during an outage: %q", got)
		}
	})
}
