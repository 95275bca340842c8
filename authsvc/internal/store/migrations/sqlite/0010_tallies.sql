-- +goose Up
-- What is counted of wrong passwords and strangers' wishes: one is forgotten after
-- each pause, all at empty_at. login_failures is written by the release before.
CREATE TABLE tallies (
    tally_key TEXT   NOT NULL PRIMARY KEY,
    empty_at  BIGINT NOT NULL,
    last_at   BIGINT NOT NULL
) WITHOUT ROWID;
CREATE INDEX tallies_empty_at ON tallies (empty_at);

-- Browsers from which the owner of an account has signed in.
CREATE TABLE devices (
    user_id     BIGINT NOT NULL,
    device_hash TEXT   NOT NULL,
    used_at     BIGINT NOT NULL,
    PRIMARY KEY (user_id, device_hash)
) WITHOUT ROWID;
CREATE INDEX devices_used_at ON devices (used_at);
