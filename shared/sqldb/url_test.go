package sqldb_test

import (
	"path/filepath"
	"strings"
	"testing"

	"bookstore/shared/sqldb"
)

func TestAURLIsTakenApart(t *testing.T) {
	got, err := sqldb.ParseURL("mysql://ann%40x:p%2Fw@[::1]/shop?tls=skip-verify")
	if err != nil {
		t.Fatal(err)
	}
	s := got.Server
	if got.Dialect != sqldb.MySQL || s.Addr != "[::1]:3306" || s.User != "ann@x" || s.Passwd != "p/w" || s.DBName != "shop" || s.TLSConfig != "skip-verify" {
		t.Errorf("got %s %s %s %s %s tls=%s", got.Dialect, s.Addr, s.User, s.Passwd, s.DBName, s.TLSConfig)
	}
	file, err := filepath.Abs("data/shop.db")
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]string{"sqlite:data/shop.db": file, "sqlite:///var/lib/a b?.db": "/var/lib/a b?.db"} {
		if got, err := sqldb.ParseURL(raw); err != nil || got.Dialect != sqldb.SQLite || got.File != want {
			t.Errorf("%s: got %+v, %v; want %s", raw, got, err, want)
		}
	}
}

func TestAServersURLNeedsNoDatabase(t *testing.T) {
	const raw = "mysql://root:secret@localhost:3307/"
	server, err := sqldb.ParseServerURL(raw + "?tls=true")
	if err != nil || server.Addr != "localhost:3307" || server.DBName != "" || server.TLSConfig != "true" {
		t.Errorf("got %+v, %v", server, err)
	}
	if _, err := sqldb.ParseURL(raw); err == nil || !strings.HasPrefix(err.Error(), "must ") || strings.Contains(err.Error(), "secret") {
		t.Errorf("a database without a name: %v", err)
	}
}

func TestASettingThatIsNoURLIsNamed(t *testing.T) {
	const good = "sqlite:shop.db"
	for _, c := range []struct {
		cfg  sqldb.Config
		want string
	}{
		{sqldb.Config{URL: "mysql://root:secret@localhost/shop?tls=secret"}, "DATABASE_URL must "},
		{sqldb.Config{URL: "secret"}, "DATABASE_URL must "},
		{sqldb.Config{URL: good, ReaderURL: "mysql://root:secret@localhost"}, "DATABASE_READER_URL must "},
		{sqldb.Config{URL: good, ReaderURL: "mysql://root:secret@localhost/shop?charset=latin1"}, "DATABASE_READER_URL must "},
	} {
		if err := c.cfg.Check(); err == nil || !strings.HasPrefix(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: got %v, want %q", c.cfg, err, c.want)
		}
	}
	if err := (sqldb.Config{URL: good}).Check(); err != nil {
		t.Error(err)
	}
}
