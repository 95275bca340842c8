package api_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/mail"
	"bookstore/shared/mailapi"
	"bookstore/shared/sqldb/sqldbtest"
)

// postbox is a sender that keeps what it gets.
type postbox struct{ mails []mail.Message }

func (p *postbox) Send(_ context.Context, m mail.Message) error {
	p.mails = append(p.mails, m)
	return nil
}

// sent sends what is due and returns the mails since the last time.
func (s *server) sent(t *testing.T) []mail.Message {
	t.Helper()
	before := len(s.box.mails)
	_, err := s.outbox.SendDue(t.Context())
	must(t, err)
	return s.box.mails[before:]
}

func TestAnOwnerIsToldOfANewPasswordAndANewAddress(t *testing.T) {
	for lang, want := range map[string]struct{ password, email, masked string }{
		"en": {"Your password was changed", "The e-mail address of your account was changed", "from ann@example.org to e…@example.com"},
		"es": {"Se cambió tu contraseña", "Se cambió el correo electrónico de tu cuenta", "de ann@example.org a e…@example.com"},
	} {
		t.Run(lang, func(t *testing.T) {
			run(t, func(t *testing.T, s *server) {
				grant, err := s.Register(t.Context(), authapi.Register{Email: "ann@example.org", Password: password, Name: "Ann", Language: lang})
				must(t, err)
				wrong := authapi.ChangePassword{CurrentPassword: "wrong", NewPassword: "battery staple"}
				wantCode(t, "a wrong password", s.ChangePassword(as(t, grant), wrong), "current_password "+authapi.CodeWrongPassword)
				if got := s.sent(t); len(got) != 0 {
					t.Errorf("a refused change sent %+v", got)
				}
				// Whoever took the account over changes both at once: the owner hears of both.
				must(t, s.ChangePassword(as(t, grant), authapi.ChangePassword{CurrentPassword: password, NewPassword: "battery staple"}))
				for _, email := range []string{"Ann@example.org", "ann@example.org", "eve@example.com"} { // another spelling is no other address
					_, err = s.UpdateMe(as(t, grant), authapi.Profile{Email: &email})
					must(t, err)
				}
				got := s.sent(t)
				if len(got) != 2 {
					t.Fatalf("got %d mails, want 2: %+v", len(got), got)
				}
				for i, subject := range []string{want.password, want.email} {
					if m := got[i]; m.To.Email != "ann@example.org" || m.Subject != subject || m.Language != lang || !strings.Contains(m.Text, "http://shop.test/account") {
						t.Errorf("got %+v, want %q to the address of before", m, subject)
					}
				}
				if text := strings.Join(strings.Fields(got[1].Text), " "); !strings.Contains(text, want.masked) || strings.Contains(text, "eve@") {
					t.Errorf("got the text %q", got[1].Text)
				}
			})
		})
	}
}

func TestAPageForAdminsCostsTheSameHoweverMuchIsOnIt(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		admin := as(t, s.admin(t))
		cost := func(email string) (mails, users int) {
			changed := s.register(t, email)
			must(t, s.ChangePassword(as(t, changed), authapi.ChangePassword{CurrentPassword: password, NewPassword: "battery staple"}))
			mails = sqldbtest.CountReads(t, func() {
				_, err := s.Mails(admin, authapi.MailQuery{})
				must(t, err)
			})
			users = sqldbtest.CountReads(t, func() {
				_, err := s.Users(admin, authapi.UserQuery{})
				must(t, err)
			})
			return mails, users
		}
		mails, users := cost("ann@example.org")
		if more, moreUsers := cost("bob@example.org"); mails == 0 || more != mails || moreUsers != users {
			t.Errorf("one more row costs %d and %d queries, want %d and %d as before", more, moreUsers, mails, users)
		}
	})
}

func TestAnAdminReadsMailsAboutAccountsAndSendsOneAgain(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		grant, admin := s.register(t, "ann@example.org"), s.admin(t)
		must(t, s.ChangePassword(as(t, grant), authapi.ChangePassword{CurrentPassword: password, NewPassword: "battery staple"}))
		_, err := s.Mails(as(t, grant), authapi.MailQuery{})
		wantCode(t, "a buyer lists mails", err, apierr.CodeForbidden)
		s.sent(t)
		list, err := s.Mails(as(t, admin), authapi.MailQuery{})
		must(t, err)
		if len(list.Items) != 1 || list.Items[0].To != "ann@example.org" || list.Items[0].State != mailapi.Sent {
			t.Fatalf("got %+v", list)
		}
		s.pass(time.Hour)
		wantCode(t, "a buyer sends one again", s.SendMailAgain(as(t, grant), list.Items[0].ID), apierr.CodeForbidden)
		must(t, s.SendMailAgain(as(t, admin), list.Items[0].ID))
		if got := s.sent(t); len(got) != 1 || got[0].Text != list.Items[0].Text {
			t.Errorf("got %+v, want the mail again", got)
		}
		wantCode(t, "no such mail", s.SendMailAgain(as(t, admin), 9999), apierr.CodeMailNotFound)
	})
}
