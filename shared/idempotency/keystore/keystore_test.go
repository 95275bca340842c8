package keystore_test

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"sync"
	"testing"
	"time"

	"bookstore/shared/idempotency"
	"bookstore/shared/idempotency/keystore"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
)

//go:embed schema
var schema embed.FS

var noon = time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)

// counter creates numbers: 1, 2, …
type counter struct {
	mu sync.Mutex
	n  int64
}

func (c *counter) create(context.Context, *sqldb.Tx) (int64, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n, nil
}

func onEach(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	migrations, err := fs.Sub(schema, "schema")
	if err != nil {
		t.Fatal(err)
	}
	sqldbtest.Run(t, migrations, test)
}

func request(t *testing.T, userID int64, key, content string) idempotency.Request {
	t.Helper()
	r, err := idempotency.NewRequest(userID, key, content)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTheSameRequestCreatesOnceHoweverManySendItAtATime(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		var made counter
		var all sync.WaitGroup
		var ids, news [8]int64
		for i := range ids {
			all.Go(func() {
				id, isNew, err := keystore.Once(t.Context(), db, request(t, 7, "k", "a"), noon, made.create)
				if err != nil {
					t.Error(err)
				}
				if ids[i] = id; isNew {
					news[i] = 1
				}
			})
		}
		all.Wait()
		sum := int64(0)
		for i := range ids {
			sum += news[i]
			if ids[i] != ids[0] || ids[i] == 0 {
				t.Errorf("got the ids %v, want one", ids)
			}
		}
		if sum != 1 || made.n != 1 {
			t.Errorf("created %d times, said to be new %d times, want once", made.n, sum)
		}
	})
}

func TestAKeyIsOfOneUserAndOneContent(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		var made counter
		for _, r := range []idempotency.Request{request(t, 7, "k", "a"), request(t, 8, "k", "a"), request(t, 7, "l", "a"), request(t, 7, "", "a"), request(t, 7, "", "a")} {
			if _, isNew, err := keystore.Once(t.Context(), db, r, noon, made.create); err != nil || !isNew {
				t.Errorf("%+v: got new %t, %v", r, isNew, err)
			}
		}
		if _, _, err := keystore.Once(t.Context(), db, request(t, 7, "k", "b"), noon, made.create); !errors.Is(err, idempotency.ErrReused) {
			t.Errorf("another content: got %v, want ErrReused", err)
		}
	})
}

func TestWhatFailedOrWasSweptMayBeSentAgain(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		var made counter
		r, refused := request(t, 7, "k", "a"), errors.New("refused")
		_, _, err := keystore.Once(t.Context(), db, r, noon, func(context.Context, *sqldb.Tx) (int64, error) { return 0, refused })
		if !errors.Is(err, refused) {
			t.Fatalf("got %v, want the refusal", err)
		}
		for i, before := range []time.Time{noon, noon.Add(time.Second)} {
			if _, _, err := keystore.Once(t.Context(), db, r, noon, made.create); err != nil || made.n != int64(1) {
				t.Errorf("try %d: created %d times, %v", i, made.n, err)
			}
			if err := keystore.Sweep(t.Context(), db, before); err != nil {
				t.Fatal(err)
			}
		}
		if id, isNew, err := keystore.Once(t.Context(), db, r, noon, made.create); err != nil || !isNew || id != 2 {
			t.Errorf("after the sweep: got %d, new %t, %v", id, isNew, err)
		}
	})
}
