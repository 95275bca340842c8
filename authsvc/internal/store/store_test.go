package store_test

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/authsvc/internal/store"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
)

var now = time.Date(2025, 3, 1, 12, 0, 0, 123456000, time.UTC)

// run runs test on a fresh store in each database.
func run(t *testing.T, test func(t *testing.T, s *store.Store)) {
	t.Helper()
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) { test(t, store.New(db, nil)) })
}

func account(email string) auth.Account {
	return auth.Account{
		User: auth.User{
			Email: email, Name: "Ñandú 🦉", Role: token.Buyer, Status: auth.Active, Language: "es", CreatedAt: now,
		},
		PasswordHash: "hash of " + strconv.QuoteToASCII(email),
	}
}

// session returns the n-th session of a user.
func session(userID int64, n int) auth.Session {
	return auth.Session{
		ID: fmt.Sprintf("session-%d-%d", userID, n), UserID: userID,
		RefreshHash: fmt.Sprintf("refresh-%d-%d", userID, n),
		UserAgent:   "Firefox 🦊", CreatedAt: now, LastUsedAt: now,
	}
}

// add creates an account that has no session.
func add(t *testing.T, s *store.Store, a auth.Account) auth.Account {
	t.Helper()
	id, err := s.CreateAccount(t.Context(), a)
	if err != nil {
		t.Fatalf("create %s: %v", a.Email, err)
	}
	a.ID = id
	return a
}

// open opens the first n sessions of an account.
func open(t *testing.T, s *store.Store, a auth.Account, n int) []auth.Session {
	t.Helper()
	var all []auth.Session
	for i := range n {
		all = append(all, session(a.ID, i))
		if err := s.OpenSession(t.Context(), all[i], a.PasswordHash, ""); err != nil {
			t.Fatalf("open session %d of %s: %v", i, a.Email, err)
		}
	}
	return all
}

func sessionIDs(t *testing.T, s *store.Store, userID int64) []string {
	t.Helper()
	sessions, err := s.Sessions(t.Context(), userID, now.Add(-auth.SessionLife))
	if err != nil {
		t.Fatalf("sessions of %d: %v", userID, err)
	}
	ids := []string{}
	for _, session := range sessions {
		ids = append(ids, session.ID)
	}
	return ids
}

func revoked(t *testing.T, s *store.Store) []string {
	t.Helper()
	ids, err := s.Revoked(t.Context(), now.Add(-auth.RevocationLife))
	if err != nil {
		t.Fatalf("revoked: %v", err)
	}
	return ids
}

func TestEveryMigrationHasItsTwin(t *testing.T) {
	sqldbtest.CheckTwins(t, store.Migrations)
}
