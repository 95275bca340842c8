package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"strings"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/shared/sqldb"

	"github.com/go-sql-driver/mysql"
)

const databaseTimeout = 5 * time.Second

// prepareDatabases makes the three databases on a MySQL server, if they are
// missing, and returns the URL of each backend's. It returns nil for an empty
// server, which stands for SQLite.
func prepareDatabases(ctx context.Context, server string) (map[string]string, error) {
	if server == "" {
		return nil, nil
	}
	cfg, err := sqldb.ParseServerURL(server)
	if err != nil {
		return nil, fmt.Errorf("-database %w", err)
	}
	u, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	prefix := cfg.DBName
	cfg.DBName = ""
	db, err := connect(cfg)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	ctx, cancel := context.WithTimeout(ctx, databaseTimeout)
	defer cancel()
	urls := map[string]string{}
	for program, name := range map[string]string{cluster.Auth: "auth", cluster.Catalog: "catalog", cluster.Shop: "shop"} {
		name = prefix + name
		if _, err := db.ExecContext(ctx, "CREATE DATABASE IF NOT EXISTS `"+strings.ReplaceAll(name, "`", "``")+"` CHARACTER SET utf8mb4"); err != nil {
			return nil, fmt.Errorf("the database at %s does not work: %w", u.Host, err)
		}
		own := *u
		own.Path = "/" + name
		urls[program] = own.String()
	}
	return urls, nil
}

func connect(cfg *mysql.Config) (*sql.DB, error) {
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("-database: %w", err)
	}
	return sql.OpenDB(connector), nil
}
