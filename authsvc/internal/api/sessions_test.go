package api_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/authsvc/internal/store"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/token"

	"github.com/alexedwards/argon2id"
)

func TestLogoutEndsTheSessionAndPublishesIt(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		grant := s.register(t, "ann@example.org")
		if _, err := s.Me(as(t, grant)); err != nil {
			t.Fatalf("before: %v", err)
		}
		current, err := s.Sessions(as(t, grant))
		must(t, err)
		must(t, s.Logout(as(t, grant)))

		_, err = s.Me(as(t, grant))
		wantCode(t, "access token", err, authapi.CodeSessionEnded)
		_, err = s.Refresh(t.Context(), grant.RefreshToken)
		wantCode(t, "refresh token", err, authapi.CodeSessionEnded)
		if !apierr.IsKind(err, apierr.KindUnauthenticated) {
			t.Errorf("refresh token: got kind of %v, want unauthenticated", err)
		}
		wantCode(t, "logout again", s.Logout(as(t, grant)), "")

		revoked, err := s.Revocations(t.Context())
		if err != nil || !slices.Equal(revoked.SessionIDs, []string{current.Items[0].ID}) {
			t.Errorf("revocations: got %v, %v, want the session %s", revoked, err, current.Items[0].ID)
		}
		s.pass(auth.RevocationLife + time.Second)
		if revoked, err = s.Revocations(t.Context()); err != nil || len(revoked.SessionIDs) != 0 {
			t.Errorf("when its tokens are dead: got %v, %v, want none", revoked, err)
		}
	})
}

func TestSigningOutEverywhereElseKeepsOnlyTheSessionThatAsks(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		here, stranger := s.register(t, "ann@example.org"), s.register(t, "bob@example.org")
		kept := onlySession(t, s, here)
		elsewhere, err := s.Login(t.Context(), authapi.Login{Email: "ann@example.org", Password: password})
		must(t, err)
		must(t, s.EndOtherSessions(as(t, here)))

		if got := onlySession(t, s, here); got != kept {
			t.Errorf("left: got %s, want %s", got, kept)
		}
		onlySession(t, s, stranger)
		_, err = s.Me(as(t, elsewhere))
		wantCode(t, "elsewhere", err, authapi.CodeSessionEnded)
		_, err = s.Refresh(t.Context(), elsewhere.RefreshToken)
		wantCode(t, "elsewhere, refreshed", err, authapi.CodeSessionEnded)
		if revoked, err := s.Revocations(t.Context()); err != nil || len(revoked.SessionIDs) != 1 {
			t.Errorf("revocations: got %v, %v, want one", revoked, err)
		}
		wantCode(t, "asked by a session that is over", s.EndOtherSessions(as(t, elsewhere)), authapi.CodeSessionEnded)
	})
}

func TestAnyVerifierAcceptsTheTokensAndSeesRevocations(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		verifier, err := token.NewVerifier(t.Context(), s.url+"/.well-known/jwks.json", token.DefaultIssuer, token.DefaultAudience)
		must(t, err)
		grant := s.seller(t, "ann@example.org")
		claims, err := verifier.Verify(t.Context(), grant.AccessToken)
		must(t, err)
		if claims.UserID != grant.User.ID || claims.Role != token.Seller || claims.Name != "Ann" || !claims.ExpiresAt.Equal(grant.ExpiresAt) {
			t.Errorf("got %+v, want those of %+v", claims, grant)
		}

		revocations := token.NewRevocations(t.Context(), func(ctx context.Context) ([]string, error) {
			revoked, err := s.Revocations(ctx)
			return revoked.SessionIDs, err
		}, 20*time.Millisecond)
		must(t, s.Logout(as(t, grant)))
		for deadline := time.Now().Add(5 * time.Second); !revocations.Revoked(claims.SessionID); {
			if time.Now().After(deadline) {
				t.Fatal("the token is not revoked 5 s after the logout")
			}
			time.Sleep(5 * time.Millisecond)
		}
	})
}

func TestTheRefreshTokenDoesNotRotate(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		grant := s.register(t, "ann@example.org")
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				again, err := s.Refresh(t.Context(), grant.RefreshToken)
				if err != nil || again.AccessToken == "" || again.RefreshToken != "" || again.User != grant.User {
					t.Errorf("got %+v, %v", again, err)
				}
			})
		}
		wg.Wait()
		_, err := s.Refresh(t.Context(), grant.RefreshToken+"x")
		wantCode(t, "another token", err, authapi.CodeSessionEnded)
	})
}

func TestADeadAccessTokenIsNoObstacleToANewOne(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		grant := s.register(t, "ann@example.org")
		dead := httpclient.WithBearer(t.Context(), grant.AccessToken+"x")
		_, err := s.Me(dead)
		wantCode(t, "me", err, apierr.CodeUnauthenticated)
		_, err = s.Refresh(dead, grant.RefreshToken)
		wantCode(t, "refresh", err, "")
		_, err = s.Login(dead, authapi.Login{Email: "ann@example.org", Password: password})
		wantCode(t, "login", err, "")
		_, err = s.Register(dead, authapi.Register{Email: "bob@example.org", Password: password, Name: "Bob"})
		wantCode(t, "register", err, "")
	})
}

func TestASessionLastsAsLongAsItIsUsed(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		grant := s.register(t, "ann@example.org")
		for range 3 {
			s.pass(29 * 24 * time.Hour)
			_, err := s.Refresh(t.Context(), grant.RefreshToken)
			must(t, err)
			s.sweep(t)
		}
		s.pass(auth.SessionLife)
		_, err := s.Refresh(t.Context(), grant.RefreshToken)
		wantCode(t, "unused for 30 days", err, authapi.CodeSessionEnded)
	})
}

func TestWrongPasswordAndUnknownAddressLookAlike(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		s.register(t, "Ann@example.org")
		_, err := s.Login(t.Context(), authapi.Login{Email: " aNN@EXAMPLE.org ", Password: password})
		wantCode(t, "another spelling", err, "")
		_, wrong := s.Login(t.Context(), authapi.Login{Email: "ann@example.org", Password: "battery staple"})
		_, unknown := s.Login(t.Context(), authapi.Login{Email: "nobody@example.org", Password: password})
		wantCode(t, "wrong password", wrong, authapi.CodeBadCredentials)
		if fmt.Sprint(wrong) != fmt.Sprint(unknown) || !apierr.IsKind(unknown, apierr.KindUnauthenticated) {
			t.Errorf("got %v and %v, want the same", wrong, unknown)
		}
	})
}

func TestAPasswordOfBeforeSignsInHoweverShortAndHoweverComposed(t *testing.T) {
	const composed, decomposed = "caf\u00e9", "cafe\u0301"
	run(t, func(t *testing.T, s *server) {
		hash, err := argon2id.CreateHash(decomposed, &cheap) // of bytes as they came
		must(t, err)
		_, err = store.New(s.db, auditKey).CreateAccount(t.Context(), auth.Account{
			User:         auth.User{Email: "ann@example.org", Name: "Ann", Role: token.Buyer, Status: auth.Active, CreatedAt: s.time()},
			PasswordHash: hash,
		})
		must(t, err)
		for _, typed := range []string{decomposed, composed, decomposed} {
			if code, _ := s.try(t.Context(), "ann@example.org", typed); code != "" {
				t.Errorf("%+q: got %q", typed, code)
			}
		}
	})
}

func TestSessionsAreListedAndEndedOneByOne(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		first := s.register(t, "ann@example.org")
		s.pass(time.Minute)
		ctx := httpclient.WithHeader(t.Context(), "User-Agent", "Firefox\xff "+strings.Repeat("é", 500))
		second, err := s.Login(ctx, authapi.Login{Email: "ann@example.org", Password: password})
		must(t, err)

		list, err := s.Sessions(as(t, first))
		if err != nil || len(list.Items) != 2 || list.Items[0].Current || !list.Items[1].Current {
			t.Fatalf("got %+v, %v, want two, the second current", list, err)
		}
		if agent := list.Items[0].UserAgent; !strings.HasPrefix(agent, "Firefox? é") || len([]rune(agent)) != 255 {
			t.Errorf("user agent: got %q", agent)
		}
		must(t, s.EndSession(as(t, first), list.Items[0].ID))
		_, err = s.Me(as(t, second))
		wantCode(t, "the ended one", err, authapi.CodeSessionEnded)
		for _, id := range []string{list.Items[0].ID, "ñ", "x'; --", "current%00"} {
			wantCode(t, "end "+id, s.EndSession(as(t, first), id), authapi.CodeSessionNotFound)
		}
		_, err = s.Me(as(t, first))
		wantCode(t, "the other", err, "")
	})
}
