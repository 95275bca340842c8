-- +goose Up
-- Addresses of whose accounts somebody has forgotten the password; a worker
-- looks up whether there are such accounts, and writes to their owners.
CREATE TABLE password_reset_requests (
    address_hash TEXT   NOT NULL PRIMARY KEY,
    email        TEXT   NOT NULL,
    requested_at BIGINT NOT NULL
);
CREATE INDEX password_reset_requests_age ON password_reset_requests (requested_at);

-- What the links of those mails stand for, until they are used or expire.
CREATE TABLE password_resets (
    token_hash TEXT   NOT NULL PRIMARY KEY,
    user_id    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX password_resets_user ON password_resets (user_id);
CREATE INDEX password_resets_age ON password_resets (expires_at);
