package api_test

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
)

const newPassword = "battery staple"

// forget has a link sent for an address and returns the mails that this causes.
func (s *server) forget(t *testing.T, email string) []string {
	t.Helper()
	must(t, s.RequestReset(t.Context(), authapi.RequestReset{Email: email}))
	_, err := s.service.AnswerResets(t.Context())
	must(t, err)
	var texts []string
	for _, m := range s.sent(t) {
		texts = append(texts, m.Text)
	}
	return texts
}

// tokenOf returns the token of the link in a mail.
func tokenOf(t *testing.T, text, page string) string {
	t.Helper()
	for word := range strings.FieldsSeq(text) {
		if u, err := url.Parse(word); err == nil && strings.HasPrefix(word, "http://shop.test"+page+"?") {
			return u.Query().Get("token")
		}
	}
	t.Fatalf("no link to %s in %q", page, text)
	return ""
}

func (s *server) forgottenBy(t *testing.T, email string) (token string) {
	t.Helper()
	mails := s.forget(t, email)
	if len(mails) != 1 {
		t.Fatalf("got %d mails, want one: %q", len(mails), mails)
	}
	return tokenOf(t, mails[0], "/password/reset")
}

func (s *server) reset(t *testing.T, token, password string) string {
	t.Helper()
	return codeOf(s.ResetPassword(t.Context(), authapi.ResetPassword{Token: token, NewPassword: password}))
}

func TestAForgottenPasswordIsReplacedOnceByTheLinkOfAMail(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		grant := s.register(t, "ann@example.org")
		first, token := s.forgottenBy(t, "Ann@Example.org"), s.forgottenBy(t, "ann@example.org")
		if got := s.reset(t, token, "short"); got != "new_password "+apierr.CodeTooShort {
			t.Errorf("a short password: got %q", got)
		}
		if got := s.reset(t, token, newPassword); got != "" {
			t.Fatalf("reset: got %q", got)
		}
		_, err := s.Me(as(t, grant))
		wantCode(t, "a session of before", err, authapi.CodeSessionEnded)
		_, err = s.Refresh(t.Context(), grant.RefreshToken)
		wantCode(t, "a refresh token of before", err, authapi.CodeSessionEnded)
		_, err = s.Login(t.Context(), authapi.Login{Email: "ann@example.org", Password: password})
		wantCode(t, "the old password", err, authapi.CodeBadCredentials)
		_, err = s.Login(t.Context(), authapi.Login{Email: "ann@example.org", Password: newPassword})
		wantCode(t, "the new password", err, "")
		if mails := s.sent(t); len(mails) != 1 || mails[0].Subject != "Your password was changed" {
			t.Errorf("got the mails %+v, want one about the change", mails)
		}
		for what, used := range map[string]string{"the same link": token, "another link": first, "none": "x"} {
			if got := s.reset(t, used, "a third password"); got != authapi.CodeResetEnded {
				t.Errorf("%s: got %q, want %q", what, got, authapi.CodeResetEnded)
			}
		}
	})
}

func TestTheLinkOfAMailIsGoodForTheTimeThatTheMailSaysAndUnlessTheOwnerChangesWhatItServes(t *testing.T) {
	elsewhere, suspended := "ann@example.com", authapi.StatusSuspended
	for what, c := range map[string]struct {
		between func(t *testing.T, s *server, owner authapi.Grant)
		want    string
	}{
		"just in time": {func(t *testing.T, s *server, _ authapi.Grant) { s.pass(auth.ResetLife - time.Second) }, ""},
		"too late":     {func(t *testing.T, s *server, _ authapi.Grant) { s.pass(auth.ResetLife) }, authapi.CodeResetEnded},
		"after a change of the password": {func(t *testing.T, s *server, g authapi.Grant) {
			must(t, s.ChangePassword(as(t, g), authapi.ChangePassword{CurrentPassword: password, NewPassword: newPassword}))
		}, authapi.CodeResetEnded},
		"after a change of the address": {func(t *testing.T, s *server, g authapi.Grant) {
			_, err := s.UpdateMe(as(t, g), authapi.Profile{Email: &elsewhere})
			must(t, err)
		}, authapi.CodeResetEnded},
		"suspended": {func(t *testing.T, s *server, g authapi.Grant) {
			_, err := s.UpdateUser(as(t, s.admin(t)), g.User.ID, authapi.AdminUpdate{Status: &suspended})
			must(t, err)
		}, authapi.CodeResetEnded},
	} {
		t.Run(what, func(t *testing.T) {
			run(t, func(t *testing.T, s *server) {
				owner := s.register(t, "ann@example.org")
				token := s.forgottenBy(t, "ann@example.org")
				c.between(t, s, owner)
				if got := s.reset(t, token, "a third password"); got != c.want {
					t.Errorf("got %q, want %q", got, c.want)
				}
			})
		})
	}
}

func TestNobodyLearnsWhetherAnAddressHasAnAccountNorFloodsItsOwner(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		s.register(t, "ann@example.org")
		if mails := s.forget(t, "nobody@example.org"); len(mails) != 0 {
			t.Errorf("nobody got %q", mails)
		}
		for i := range 5 {
			want := 1
			if i >= 3 {
				want = 0
			}
			if mails := s.forget(t, "ann@example.org"); len(mails) != want {
				t.Errorf("request %d sent %d mails, want %d", i+1, len(mails), want)
			}
		}
		s.pass(auth.ResetLife)
		s.sweep(t)
		if mails := s.forget(t, "ann@example.org"); len(mails) != 1 {
			t.Errorf("later, got %d mails, want 1", len(mails))
		}
		wantCode(t, "no address", s.RequestReset(t.Context(), authapi.RequestReset{Email: "nobody"}), "email "+apierr.CodeBadFormat)
	})
}

func TestAnAdminSeesNoSecretOfAMailAndNeitherDoesTheDatabase(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		s.register(t, "ann@example.org")
		admin := as(t, s.admin(t))
		must(t, s.RequestReset(t.Context(), authapi.RequestReset{Email: "ann@example.org"}))
		_, err := s.service.AnswerResets(t.Context())
		must(t, err)
		dump := func() string {
			var facts, secret, hash string
			must(t, s.db.Writer().QueryRowContext(t.Context(), "SELECT facts, secret, token_hash FROM mails, password_resets").Scan(&facts, &secret, &hash))
			return facts + secret + hash
		}
		before := dump()
		waiting, err := s.Mails(admin, authapi.MailQuery{})
		must(t, err)
		token := tokenOf(t, s.sent(t)[0].Text, "/password/reset")
		after := dump()
		list, err := s.Mails(admin, authapi.MailQuery{})
		must(t, err)
		for what, text := range map[string]string{
			"the database": before, "the database, once it is sent": after,
			"the admin": list.Items[0].Text, "the admin, before it is sent": waiting.Items[0].Text,
		} {
			if strings.Contains(text, token) || strings.Contains(text, "/password/reset") {
				t.Errorf("%s knows the link: %q", what, text)
			}
		}
		if len(after) >= len(before) {
			t.Error("the secret is still there once it is sent")
		}
		if !list.Items[0].Once {
			t.Errorf("got %+v, want a mail that is sent once", list.Items[0])
		}
		s.pass(time.Hour)
		wantCode(t, "sending it again", s.SendMailAgain(admin, list.Items[0].ID), apierr.CodeMailOnce)
	})
}

func TestOneLinkReplacesThePasswordOnceHoweverManyUseIt(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		s.register(t, "ann@example.org")
		token := s.forgottenBy(t, "ann@example.org")
		var done, ended int
		var mu sync.Mutex
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				err := s.ResetPassword(context.Background(), authapi.ResetPassword{Token: token, NewPassword: newPassword})
				mu.Lock()
				defer mu.Unlock()
				switch codeOf(err) {
				case "":
					done++
				case authapi.CodeResetEnded:
					ended++
				}
			})
		}
		all.Wait()
		if done != 1 || ended != 7 {
			t.Errorf("%d replaced the password and %d were too late, want 1 and 7", done, ended)
		}
		if mails := s.sent(t); len(mails) != 1 {
			t.Errorf("the owner got %d mails, want 1", len(mails))
		}
	})
}
