package sqldb

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// URL is the address of a database, taken apart.
type URL struct {
	Dialect Dialect
	// Server is how MySQL is reached, for further settings of one's own. It
	// holds the password.
	Server *mysql.Config
	// File is SQLite's, as an absolute path.
	File string
}

// ParseURL takes apart mysql://user:password@host:3306/name, percent-encoded
// where needed, or sqlite:path/file.db, in which the path is taken literally.
// MySQL's may end in ?tls=true, false, skip-verify or preferred.
//
// Its error goes on from the name of the setting ("must …"), and holds nothing
// of the URL, which has a password in it.
func ParseURL(raw string) (URL, error) {
	scheme, rest, _ := strings.Cut(raw, ":")
	switch Dialect(scheme) {
	case MySQL:
		server, err := ParseServerURL(raw)
		if err == nil && server.DBName == "" {
			err = errors.New("must have the name of the database after the host, as in mysql://user:password@host:3306/name")
		}
		return URL{Dialect: MySQL, Server: server}, err
	case SQLite:
		file, err := sqliteFile(rest)
		return URL{Dialect: SQLite, File: file}, err
	}
	return URL{}, errors.New("must begin with sqlite: or mysql://")
}

// ParseServerURL is ParseURL for a MySQL server: the name of the database may
// be missing.
func ParseServerURL(raw string) (*mysql.Config, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Scheme != string(MySQL) || u.Hostname() == "" {
		// The parser's own error would quote the password.
		return nil, errors.New("must be mysql://user:password@host:3306/name, special characters percent-encoded")
	}
	port := u.Port()
	if port == "" {
		port = "3306"
	}
	cfg := mysql.NewConfig()
	cfg.Net = "tcp"
	cfg.Addr = net.JoinHostPort(u.Hostname(), port)
	cfg.DBName = strings.Trim(u.Path, "/")
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	for key, values := range u.Query() {
		tls := values[len(values)-1]
		if key != "tls" || !slices.Contains(tlsModes, tls) {
			return nil, fmt.Errorf("must have no setting after the name but tls, which is one of %s", strings.Join(tlsModes, ", "))
		}
		cfg.TLSConfig = tls
	}
	cfg.Timeout = mysqlDialTimeout
	cfg.InterpolateParams = true
	cfg.Logger = &mysql.NopLogger{} // what it would log it also returns
	if err := cfg.Apply(mysql.Charset("utf8mb4", "utf8mb4_bin")); err != nil {
		return nil, fmt.Errorf("choose the character set: %w", err)
	}
	return cfg, nil
}

// tlsModes are the driver's ways of encrypting a connection.
var tlsModes = []string{"true", "false", "skip-verify", "preferred"}

// sqliteFile returns the absolute path of what follows "sqlite:".
func sqliteFile(path string) (string, error) {
	if rest, ok := strings.CutPrefix(path, "//"); ok {
		path = rest // sqlite:///var/lib/shop.db
	}
	if path == "" || path == ":memory:" {
		return "", errors.New("must have the path of a file, as in sqlite:data/shop.db")
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", fmt.Errorf("must have a path that can be followed after sqlite: %w", err)
	}
	return path, nil
}
