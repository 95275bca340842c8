-- +goose Up

-- Mails about accounts, written with the change that causes them; see package
-- shared/mail. next_at is NULL once there is nothing left to try.
CREATE TABLE mails (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL,
    user_id     BIGINT  NOT NULL,
    to_email    TEXT    NOT NULL DEFAULT '',
    to_name     TEXT    NOT NULL DEFAULT '',
    language    TEXT    NOT NULL DEFAULT '',
    facts       TEXT    NULL,
    created_at  BIGINT  NOT NULL,
    next_at     BIGINT  NULL,
    lease_until BIGINT  NOT NULL DEFAULT 0,
    attempts    BIGINT  NOT NULL DEFAULT 0,
    sent_at     BIGINT  NULL,
    kept_at     BIGINT  NULL,
    repeated_at BIGINT  NULL
);
CREATE INDEX mails_due ON mails (next_at, lease_until);
CREATE INDEX mails_user ON mails (user_id, id);
