-- +goose Up
CREATE TABLE users (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    email         TEXT    NOT NULL,
    email_key     TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    name_key      TEXT    NOT NULL,
    seller_name   TEXT    NOT NULL DEFAULT '',
    role          TEXT    NOT NULL CHECK (role IN ('buyer', 'seller', 'admin')),
    status        TEXT    NOT NULL CHECK (status IN ('active', 'suspended')),
    password_hash TEXT    NOT NULL,
    created_at    BIGINT  NOT NULL,
    last_login_at BIGINT  NOT NULL
);
CREATE INDEX users_role ON users (role, id);

CREATE TABLE sessions (
    id           TEXT    NOT NULL PRIMARY KEY,
    user_id      INTEGER NOT NULL REFERENCES users (id),
    refresh_hash TEXT    NOT NULL UNIQUE,
    user_agent   TEXT    NOT NULL,
    created_at   BIGINT  NOT NULL,
    last_used_at BIGINT  NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_user ON sessions (user_id, last_used_at);
CREATE INDEX sessions_last_used ON sessions (last_used_at);

CREATE TABLE revocations (
    session_id TEXT   NOT NULL PRIMARY KEY,
    revoked_at BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX revocations_revoked_at ON revocations (revoked_at);

CREATE TABLE login_failures (
    address_hash TEXT    NOT NULL PRIMARY KEY,
    failures     INTEGER NOT NULL CHECK (failures > 0),
    began_at     BIGINT  NOT NULL
) WITHOUT ROWID;
CREATE INDEX login_failures_began_at ON login_failures (began_at);
