package mariadb_test

import (
	"database/sql"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookstore/deploy/internal/mariadb"
)

// replicated is a primary with two replicas behind a writer's name.
type replicated struct {
	servers []*mariadb.Server // the first is the primary
	writer  *mariadb.Endpoint
	db      *sql.DB // through the writer's name
}

func startReplicated(t *testing.T) *replicated {
	t.Helper()
	r := &replicated{servers: make([]*mariadb.Server, 3)}
	for i := range r.servers {
		r.servers[i] = start(t, mariadb.Options{Dir: t.TempDir(), Fast: true, Replicated: true})
	}
	for _, s := range r.servers[1:] {
		if err := s.Follow(t.Context(), r.servers[0], mariadb.FollowOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := r.servers[0].AwaitSemiSync(t.Context(), 2); err != nil {
		t.Fatal(err)
	}
	writer, err := mariadb.NewEndpoint(r.servers[0])
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { writer.Close() })
	r.writer = writer
	r.db = dial(t, writer.URL(url.User("root")))
	r.exec(t, "CREATE DATABASE shelf")
	r.exec(t, "CREATE TABLE shelf.notes (id BIGINT NOT NULL PRIMARY KEY)")
	return r
}

func dial(t *testing.T, address string) *sql.DB {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("mysql", "root@tcp("+u.Host+")/")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func (r *replicated) exec(t *testing.T, statement string) {
	t.Helper()
	if _, err := r.db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func count(t *testing.T, db *sql.DB) (n int) {
	t.Helper()
	if err := db.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM shelf.notes").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAReplicaFollowsAndMayLagBehind(t *testing.T) {
	r := startReplicated(t)
	primary, prompt, late := r.servers[0], r.servers[1], r.servers[2]
	if err := late.CatchUp(t.Context(), primary); err != nil {
		t.Fatal(err)
	}
	if err := late.Follow(t.Context(), primary, mariadb.FollowOptions{Delay: time.Hour}); err != nil {
		t.Fatal(err)
	}
	r.exec(t, "INSERT INTO shelf.notes VALUES (1)")
	if err := prompt.CatchUp(t.Context(), primary); err != nil {
		t.Fatal(err)
	}
	if n := count(t, dial(t, prompt.URL())); n != 1 {
		t.Errorf("the prompt replica has %d rows, want 1", n)
	}
	lateDB := dial(t, late.URL())
	if n := count(t, lateDB); n != 0 {
		t.Errorf("the late replica has %d rows already", n)
	}
	if err := late.Follow(t.Context(), primary, mariadb.FollowOptions{}); err != nil {
		t.Fatal(err)
	}
	if err := late.CatchUp(t.Context(), primary); err != nil {
		t.Fatal(err)
	}
	if n := count(t, lateDB); n != 1 {
		t.Errorf("the late replica has %d rows in the end, want 1", n)
	}
}

func TestWhatWasAcknowledgedSurvivesTheDeathOfThePrimary(t *testing.T) {
	r := startReplicated(t)
	var writing sync.WaitGroup
	acknowledged := make([]atomic.Int64, 4)
	for w := range acknowledged {
		writing.Go(func() {
			for i := 0; ; i++ {
				if _, err := r.db.ExecContext(t.Context(), "INSERT INTO shelf.notes VALUES (?)", 1_000_000*w+i); err != nil {
					return // the primary is dead
				}
				acknowledged[w].Add(1)
			}
		})
	}
	for w := range acknowledged {
		for acknowledged[w].Load() < 20 {
			time.Sleep(time.Millisecond)
		}
	}
	if err := r.servers[0].Kill(); err != nil {
		t.Fatal(err)
	}
	writing.Wait()

	promoted, err := mariadb.Promote(t.Context(), r.servers[1:]...)
	if err != nil {
		t.Fatal(err)
	}
	r.writer.Point(promoted)
	r.exec(t, "INSERT INTO shelf.notes VALUES (-1)")
	for w := range acknowledged {
		var kept int64
		n := acknowledged[w].Load()
		query := "SELECT COUNT(*) FROM shelf.notes WHERE id BETWEEN ? AND ?"
		if err := r.db.QueryRowContext(t.Context(), query, int64(1_000_000*w), int64(1_000_000*w)+n-1).Scan(&kept); err != nil {
			t.Fatal(err)
		}
		if kept != n {
			t.Errorf("writer %d: %d of %d acknowledged rows are there", w, kept, n)
		}
	}
	for _, s := range r.servers[1:] {
		if s == promoted {
			continue
		}
		if err := s.CatchUp(t.Context(), promoted); err != nil {
			t.Fatal(err)
		}
		if got, want := count(t, dial(t, s.URL())), count(t, r.db); got != want {
			t.Errorf("the other replica has %d rows, the new primary %d", got, want)
		}
	}
}
