package sqldb_test

import (
	"database/sql"
	"errors"
	"slices"
	"testing"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"

	sq "github.com/Masterminds/squirrel"
)

func TestAnUpdateCountsTheRowsItMatched(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		id := insert(t, db, "a", 5)
		for _, c := range []struct {
			what string
			stmt sq.Sqlizer
			want int64
		}{
			{"guard holds", addStock(id, -5).Where(sq.GtOrEq{"stock": 5}), 1},
			{"guard refuses", addStock(id, -5).Where(sq.GtOrEq{"stock": 5}), 0},
			{"nothing changes", addStock(id, 0), 1},
			{"delete", sq.Delete("items").Where(sq.Eq{"id": id}), 1},
			{"no such row", addStock(id, 1), 0},
			{"empty list", addStock(id, 1).Where(sq.Eq{"id": []int64{}}), 0},
		} {
			n, err := sqldb.Exec(t.Context(), db.Writer(), c.stmt)
			if err != nil || n != c.want {
				t.Errorf("%s: got %d rows, %v; want %d", c.what, n, err, c.want)
			}
		}
	})
}

func TestATakenKeyIsADuplicate(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		id := insert(t, db, "a", 1)
		_, err := sqldb.Exec(t.Context(), db.Writer(), insertItem("a", 1))
		if !sqldb.IsDuplicate(err) || sqldb.IsUnavailable(err) {
			t.Errorf("same name: got %v, want a duplicate", err)
		}
		_, err = sqldb.Exec(t.Context(), db.Writer(), sq.Insert("items").Columns("id", "name", "stock").Values(id, "b", 1))
		if !sqldb.IsDuplicate(err) {
			t.Errorf("same id: got %v, want a duplicate", err)
		}
		_, err = sqldb.Exec(t.Context(), db.Writer(), addStock(id, -2))
		if err == nil || sqldb.IsDuplicate(err) || sqldb.IsUnavailable(err) {
			t.Errorf("negative stock: got %v, want the refusal of the CHECK", err)
		}
		// Keys tell case, accents and scripts apart, whatever the server's default is.
		for _, other := range []string{"A", "á", "а"} {
			insert(t, db, other, 1)
		}
	})
}

func TestUpsertInsertsOrReplaces(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		upsert := func(stock int64, update ...string) {
			t.Helper()
			stmt := sqldb.Upsert(db.Dialect(), insertItem("a", stock), []string{"name"}, update)
			if _, err := sqldb.Exec(t.Context(), db.Writer(), stmt); err != nil {
				t.Fatalf("upsert: %v", err)
			}
		}
		stocks := func() []int64 {
			t.Helper()
			all, err := sqldb.QueryAll(t.Context(), db.Writer(), sq.Select("stock").From("items").Where(sq.Eq{"name": "a"}), scanInt)
			if err != nil {
				t.Fatalf("read: %v", err)
			}
			return all
		}
		if got := stocks(); len(got) != 0 || got == nil {
			t.Errorf("before: got %#v, want an empty slice", got)
		}
		upsert(1, "stock")
		upsert(2, "stock")
		if got := stocks(); !slices.Equal(got, []int64{2}) {
			t.Errorf("after replacing: got %v, want [2]", got)
		}
		upsert(3)
		if got := stocks(); !slices.Equal(got, []int64{2}) {
			t.Errorf("after keeping: got %v, want [2]", got)
		}
	})
}

func TestTextComesBackAsItWas(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		for _, text := range []string{
			"Cien años de soledad", "紅樓夢", "Преступление и наказание", "كليلة ودمنة",
			"📚👩‍🚀🏳️‍🌈", "e\u0301 is not é", `it's "quoted" \ 100%_?`, "tab\tline\r\nend", "",
		} {
			id := insert(t, db, text, 1)
			got, err := sqldb.QueryOne(t.Context(), db.Writer(), sq.Select("name").From("items").Where(sq.Eq{"id": id, "name": text}), scanString)
			if err != nil || got != text {
				t.Errorf("got %q, %v; want %q", got, err, text)
			}
		}
	})
}

func TestAMissingRowIsNotFound(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		_, err := sqldb.QueryOne(t.Context(), db.Writer(), sq.Select("stock").From("items").Where(sq.Eq{"id": 99}), scanInt)
		if !errors.Is(err, sqldb.ErrNotFound) || !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("got %v, want ErrNotFound", err)
		}
	})
}

func TestAnInstantKeepsItsMicroseconds(t *testing.T) {
	lima := time.FixedZone("Lima", -5*3600)
	for _, at := range []time.Time{
		time.Date(2026, 2, 28, 23, 59, 59, 123456000, lima),
		time.Date(1605, 1, 16, 0, 0, 0, 1000, time.UTC),
	} {
		got := sqldb.FromMicros(sqldb.Micros(at))
		if !got.Equal(at) || got.Location() != time.UTC {
			t.Errorf("got %v, want %v in UTC", got, at)
		}
	}
}
