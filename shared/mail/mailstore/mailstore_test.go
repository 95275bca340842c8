package mailstore_test

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"bookstore/shared/mail"
	"bookstore/shared/mail/mailstore"
	"bookstore/shared/mail/mailtest"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
)

//go:embed schema
var schema embed.FS

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	os.Exit(m.Run())
}

var table = mailstore.Table{Name: "mails", Secrets: true}

const ada, ana, gone int64 = 1, 2, 3

// people are the accounts of ada and ana.
type people struct{}

func (people) Contacts(context.Context, []int64) (map[int64]mail.Contact, error) {
	return map[int64]mail.Contact{
		ada: {Email: "ada@example.org", Name: "Ada", Language: "en"},
		ana: {Email: "ana@example.org", Name: "Ana", Language: "es"},
	}, nil
}

// plain writes mails that say what they were made of.
type plain struct{}

func (plain) Compose(e mail.Entry, language, name string) (mail.Content, error) {
	return mail.Content{Subject: e.Kind + " " + language, Text: name + " " + string(e.Facts) + "\n"}, nil
}

// postbox is a sender that keeps what it gets, or fails.
type postbox struct {
	mu    sync.Mutex
	err   error
	after func() // what happens between sending a mail and noting it
	mails []mail.Message
}

func (p *postbox) Send(_ context.Context, m mail.Message) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	p.mails = append(p.mails, m)
	if p.after != nil {
		p.after()
	}
	return nil
}

// testOutbox is an outbox on a database, with a clock that stands.
type testOutbox struct {
	t     *testing.T
	db    *sqldb.DB
	store *mailstore.Store
	now   time.Time
}

// onEach runs test on every database.
func onEach(t *testing.T, test func(t *testing.T, o *testOutbox)) {
	migrations, err := fs.Sub(schema, "schema")
	if err != nil {
		t.Fatal(err)
	}
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		test(t, &testOutbox{t, db, mailstore.New(db, table), time.Date(2026, 5, 3, 10, 0, 0, 0, time.UTC)})
	})
}

func (o *testOutbox) write(drafts ...mailstore.Draft) {
	o.t.Helper()
	err := o.db.Tx(o.t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		return table.Insert(ctx, tx, o.now, drafts...)
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func (o *testOutbox) outbox(sender mail.Sender) *mail.Outbox {
	return mail.NewOutbox("test", o.store, plain{}, people{}, sender, func() time.Time { return o.now })
}

func (o *testOutbox) sendDue(sender mail.Sender) {
	o.t.Helper()
	if _, err := o.outbox(sender).SendDue(o.t.Context()); err != nil {
		o.t.Errorf("send: %v", err)
	}
}

func (o *testOutbox) list() []mail.Composed {
	o.t.Helper()
	list, err := o.outbox(nil).List(o.t.Context(), 100, "")
	if err != nil {
		o.t.Fatal(err)
	}
	return list.Items
}

func TestSeveralInstancesSendEachMailOnce(t *testing.T) {
	onEach(t, func(t *testing.T, o *testOutbox) {
		for range 10 {
			o.write(mailstore.Draft{Kind: "a", UserID: ada}, mailstore.Draft{Kind: "b", UserID: ana})
		}
		box := &postbox{}
		var instances sync.WaitGroup
		for range 4 {
			instances.Go(func() { o.sendDue(box) })
		}
		instances.Wait()
		ids := map[string]bool{}
		for _, m := range box.mails {
			ids[m.ID] = true
		}
		if len(box.mails) != 20 || len(ids) != 20 {
			t.Errorf("got %d mails with %d ids, want 20", len(box.mails), len(ids))
		}
	})
}

func TestAMailSpeaksItsOwnLanguageOrItsReaders(t *testing.T) {
	onEach(t, func(t *testing.T, o *testOutbox) {
		former := mail.Contact{Email: "old@example.org", Name: "Ada"}
		o.write(
			mailstore.Draft{Kind: "a", UserID: ana, Facts: []byte("1")},
			mailstore.Draft{Kind: "b", UserID: ana, Language: "en"},
			mailstore.Draft{Kind: "c", UserID: ada, Language: "es", To: former})
		box := &postbox{}
		o.sendDue(box)
		var got []string
		for _, m := range box.mails {
			got = append(got, m.To.Email+": "+m.Subject+", "+m.Text)
		}
		want := []string{"ana@example.org: a es, Ana 1\n", "ana@example.org: b en, Ana \n", "old@example.org: c es, Ada \n"}
		if !slices.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestAMailThatFailsIsTriedLaterAndLaterAndThenGivenUp(t *testing.T) {
	onEach(t, func(t *testing.T, o *testOutbox) {
		o.write(mailstore.Draft{Kind: "a", UserID: ada})
		begin, last, tries := o.now, time.Duration(0), 0
		for {
			e := o.list()[0]
			if e.State() != mail.Queued {
				break
			}
			wait := e.NextAt.Sub(o.now)
			if wait < last && last < 6*time.Hour || wait > 6*time.Hour {
				t.Fatalf("try %d comes after %s, the one before after %s", tries+1, wait, last)
			}
			last, o.now = wait, e.NextAt
			o.sendDue(&postbox{err: errors.New("down")})
			tries++
		}
		if e := o.list()[0]; tries != 30 || e.Attempts != 30 || e.State() != mail.Failed {
			t.Errorf("got the state %s after %d tries and %d attempts, want %s after 30", e.State(), tries, e.Attempts, mail.Failed)
		}
		if waited := o.now.Sub(begin); waited < 4*24*time.Hour || waited > 7*24*time.Hour {
			t.Errorf("given up after %s", waited)
		}
	})
}

func TestAMailServerThatIsDownDelaysMail(t *testing.T) {
	onEach(t, func(t *testing.T, o *testOutbox) {
		o.write(mailstore.Draft{Kind: "a", UserID: ada})
		o.sendDue(&postbox{err: errors.New("down")})
		box := &postbox{}
		o.sendDue(box)
		if len(box.mails) != 0 {
			t.Error("the mail is tried again at once")
		}
		o.now = o.now.Add(time.Minute)
		o.sendDue(box)
		o.sendDue(box)
		if e := o.list()[0]; len(box.mails) != 1 || e.State() != mail.Sent || !e.SentAt.Equal(o.now) {
			t.Errorf("got %d mails and %+v, want one, sent at %s", len(box.mails), e, o.now)
		}
	})
}

func TestMailToNobodyIsGivenUpAtOnce(t *testing.T) {
	onEach(t, func(t *testing.T, o *testOutbox) {
		o.write(mailstore.Draft{Kind: "a", UserID: gone})
		o.sendDue(&postbox{})
		o.write(mailstore.Draft{Kind: "b", UserID: ada})
		o.sendDue(&postbox{err: mail.ErrRefused})
		for _, e := range o.list() {
			if e.State() != mail.Failed || e.Attempts != 1 {
				t.Errorf("%s: got %s after %d attempts", e.Kind, e.State(), e.Attempts)
			}
		}
	})
}

// TestAnInstanceKilledAfterSendingRepeatsTheMailRecognisably has a server that
// takes the mail and an instance that is dead before it can note so.
func TestAnInstanceKilledAfterSendingRepeatsTheMailRecognisably(t *testing.T) {
	onEach(t, func(t *testing.T, o *testOutbox) {
		o.write(mailstore.Draft{Kind: "a", UserID: ada})
		server := mailtest.NewServer(t)
		smtp, err := mail.NewSMTP(server.URL, "Bookstore <shop@example.org>")
		if err != nil {
			t.Fatal(err)
		}
		dies := mail.NewOutbox("test", dyingStore{o.store}, plain{}, people{}, smtp, func() time.Time { return o.now })
		if _, err := dies.SendDue(t.Context()); !errors.Is(err, errKilled) {
			t.Fatalf("got %v, want the instance killed", err)
		}
		o.sendDue(smtp)
		if n := len(server.Raw()); n != 1 {
			t.Errorf("got %d mails within the dead one's lease, want 1", n)
		}
		o.now = o.now.Add(2 * time.Minute)
		o.sendDue(smtp)
		o.sendDue(smtp)
		got := server.Raw()
		if len(got) != 2 || got[0] != got[1] {
			t.Errorf("got %q, want the same mail twice", got)
		}
	})
}

var errKilled = errors.New("killed")

// dyingStore is the store of an instance that dies when a mail is out.
type dyingStore struct{ *mailstore.Store }

func (dyingStore) Sent(context.Context, int64, time.Time) error { return errKilled }

func TestAFailureAfterTheLeaseDisturbsNobody(t *testing.T) {
	onEach(t, func(t *testing.T, o *testOutbox) {
		o.write(mailstore.Draft{Kind: "a", UserID: ada})
		id := o.list()[0].ID
		slow, quick := o.now.Add(time.Minute), o.now.Add(3*time.Minute)
		for _, claim := range []struct{ now, until time.Time }{{o.now, slow}, {o.now.Add(2 * time.Minute), quick}} {
			if ours, err := o.store.Claim(t.Context(), id, claim.now, claim.until); err != nil || !ours {
				t.Fatalf("claim: got %v, %v", ours, err)
			}
		}
		if err := o.store.Failed(t.Context(), id, slow, time.Time{}); err != nil {
			t.Fatal(err)
		}
		if ours, err := o.store.Claim(t.Context(), id, o.now.Add(2*time.Minute), quick); err != nil || ours {
			t.Errorf("got %v, %v, want the mail still leased", ours, err)
		}
		if e := o.list()[0]; e.State() != mail.Queued || e.Attempts != 0 {
			t.Errorf("got %s after %d attempts, want it as it was", e.State(), e.Attempts)
		}
	})
}

func TestAMailThatAnInstanceHasInHandIsNotKeptByAnother(t *testing.T) {
	onEach(t, func(t *testing.T, o *testOutbox) {
		o.write(mailstore.Draft{Kind: "a", UserID: ada}, mailstore.Draft{Kind: "b", UserID: ada}, mailstore.Draft{Kind: "c", UserID: ada})
		var ids []int64
		for _, e := range o.list() {
			ids = append(ids, e.ID)
		}
		if ours, err := o.store.Claim(t.Context(), ids[0], o.now, o.now.Add(time.Minute)); err != nil || !ours {
			t.Fatalf("claim: %v, %v", ours, err)
		}
		if err := o.store.Kept(t.Context(), ids, o.now); err != nil {
			t.Fatal(err)
		}
		for i, e := range o.list() {
			want := mail.Kept
			if i == 0 {
				want = mail.Queued
			}
			if e.State() != want {
				t.Errorf("mail %d is %s, want %s", i, e.State(), want)
			}
		}
	})
}

func TestWithoutAMailServerMailsAreKeptAndNotSaidToBeSent(t *testing.T) {
	onEach(t, func(t *testing.T, o *testOutbox) {
		o.write(mailstore.Draft{Kind: "a", UserID: ana, Facts: []byte("1")})
		o.sendDue(nil)
		e := o.list()[0]
		if e.State() != mail.Kept || !e.SentAt.IsZero() || !e.KeptAt.Equal(o.now) {
			t.Errorf("got the state %s, sent at %s", e.State(), e.SentAt)
		}
		if e.To.Email != "ana@example.org" || e.Subject != "a es" || e.Text != "Ana 1\n" {
			t.Errorf("got %+v", e)
		}
	})
}

func TestAMailIsSentAgainAsAMailOfItsOwn(t *testing.T) {
	onEach(t, func(t *testing.T, o *testOutbox) {
		former := mail.Contact{Email: "old@example.org", Name: "Ada"}
		o.write(mailstore.Draft{Kind: "a", UserID: ada, To: former, Language: "es", Facts: []byte("1")})
		box := &postbox{}
		o.sendDue(box)
		id := o.list()[0].ID
		o.now = o.now.Add(time.Hour)
		for range 2 { // a double click
			if err := o.outbox(box).SendAgain(t.Context(), id); err != nil {
				t.Fatal(err)
			}
		}
		o.sendDue(box)
		if len(box.mails) != 2 {
			t.Fatalf("got %d mails, want 2", len(box.mails))
		}
		first, again := box.mails[0], box.mails[1]
		if first.ID == again.ID || !again.Date.Equal(o.now) {
			t.Errorf("got the ids %q and %q, the second of %s", first.ID, again.ID, again.Date)
		}
		if first.To != again.To || first.Subject != again.Subject || first.Text != again.Text {
			t.Errorf("got %+v again as %+v", first, again)
		}
		o.now = o.now.Add(2 * time.Minute)
		if err := o.outbox(box).SendAgain(t.Context(), id); err != nil {
			t.Fatal(err)
		}
		if n := len(o.list()); n != 3 {
			t.Errorf("got %d mails later on, want 3", n)
		}
		if err := o.outbox(box).SendAgain(t.Context(), 9999); !errors.Is(err, mail.ErrNotFound) {
			t.Errorf("unknown mail: got %v", err)
		}
	})
}

func TestTheOutboxIsReadInPages(t *testing.T) {
	onEach(t, func(t *testing.T, o *testOutbox) {
		for _, kind := range []string{"a", "b", "c"} {
			o.write(mailstore.Draft{Kind: kind, UserID: ada})
		}
		var got []string
		for cursor := ""; ; {
			page, err := o.outbox(nil).List(t.Context(), 2, cursor)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range page.Items {
				got = append(got, m.Kind)
			}
			if cursor = page.NextCursor; cursor == "" {
				break
			}
		}
		if !slices.Equal(got, []string{"c", "b", "a"}) {
			t.Errorf("got %q", got)
		}
		counts, err := o.store.Waiting(t.Context(), "a", "z")
		if err != nil || counts["a"] != 1 || counts["z"] != 0 || len(counts) != 4 {
			t.Errorf("got %v waiting, %v", counts, err)
		}
	})
}

func TestTheListOfMailsLagsOnlyForWhoeverWroteNothing(t *testing.T) {
	migrations, err := fs.Sub(schema, "schema")
	if err != nil {
		t.Fatal(err)
	}
	db, _ := sqldbtest.NewLagging(t, migrations)
	o := &testOutbox{t, db, mailstore.New(db, table), time.Date(2026, 5, 3, 10, 0, 0, 0, time.UTC)}
	o.write(mailstore.Draft{Kind: "welcome", UserID: ada})
	if mails, err := o.store.List(t.Context(), 0, 10); err != nil || len(mails) != 0 {
		t.Errorf("whoever wrote nothing: got %v (%v), want what the replica knows", mails, err)
	}
	if mails, err := o.store.List(sqldb.WithFresh(t.Context()), 0, 10); err != nil || len(mails) != 1 {
		t.Errorf("whoever wrote: got %v (%v), want the one there is", mails, err)
	}
	if mails, err := o.store.Due(t.Context(), o.now, 10); err != nil || len(mails) != 1 {
		t.Errorf("whoever sends: got %v (%v), want the one that is due", mails, err)
	}
}

func TestASecretIsThereWhileAMailIsSentAndNowhereElse(t *testing.T) {
	onEach(t, func(t *testing.T, o *testOutbox) {
		stored := func() (secret sql.NullString) {
			if err := o.db.Writer().QueryRowContext(t.Context(), "SELECT secret FROM mails WHERE kind = 'link'").Scan(&secret); err != nil {
				t.Fatal(err)
			}
			return secret
		}
		for what, c := range map[string]struct {
			sender mail.Sender
			left   string
		}{
			"sent":              {&postbox{}, ""},
			"kept":              {nil, ""},
			"to be tried again": {&postbox{err: errors.New("no answer")}, "sealed"},
			"given up":          {&postbox{err: mail.ErrRefused}, ""},
		} {
			if _, err := o.db.Writer().ExecContext(t.Context(), "DELETE FROM mails"); err != nil {
				t.Fatal(err)
			}
			o.write(mailstore.Draft{Kind: "link", UserID: ada, Secret: "sealed"}, mailstore.Draft{Kind: "plain", UserID: ada})
			due, err := o.store.Due(t.Context(), o.now, 9)
			if err != nil || len(due) != 2 || due[0].Secret != "sealed" || !due[0].Once || due[1].Secret != "" || due[1].Once {
				t.Fatalf("%s: got %+v, %v, want the secret of the first", what, due, err)
			}
			o.sendDue(c.sender)
			if got := stored(); !got.Valid || got.String != c.left {
				t.Errorf("%s: left %+v, want %q", what, got, c.left)
			}
			list, err := o.store.List(t.Context(), 0, 9)
			if err != nil || len(list) != 2 || list[1].Secret != "" || !list[1].Once || list[0].Once {
				t.Errorf("%s: got %+v, %v, want no secret", what, list, err)
			}
			if err := o.store.Repeat(t.Context(), list[1].ID, o.now, o.now); !errors.Is(err, mail.ErrOnce) {
				t.Errorf("%s: sending again: got %v, want %v", what, err, mail.ErrOnce)
			}
		}
	})
}
