-- +goose Up

-- What admins and sellers changed; see package shared/audit. Rows are only ever
-- added; only the words and the address of one may be erased, each with its salt.
CREATE TABLE audit_entries (
    id             INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    object         TEXT    NOT NULL,
    object_id      TEXT    NOT NULL,
    seq            BIGINT  NOT NULL,
    at             BIGINT  NOT NULL,
    actor          TEXT    NOT NULL,
    actor_id       BIGINT  NOT NULL,
    action         TEXT    NOT NULL,
    old_values     TEXT    NULL,
    new_values     TEXT    NULL,
    values_salt    TEXT    NULL,
    address        TEXT    NULL,
    address_salt   TEXT    NULL,
    old_digest     TEXT    NOT NULL,
    new_digest     TEXT    NOT NULL,
    address_digest TEXT    NOT NULL,
    hmac           TEXT    NOT NULL,
    UNIQUE (object, object_id, seq)
);
CREATE INDEX audit_entries_actor ON audit_entries (actor_id, id);
CREATE INDEX audit_entries_at ON audit_entries (at);

-- How many entries of an object there are, and the seal of the last: so that the
-- end of a chain can't be cut off.
CREATE TABLE audit_heads (
    object    TEXT   NOT NULL,
    object_id TEXT   NOT NULL,
    seq       BIGINT NOT NULL,
    hmac      TEXT   NOT NULL,
    PRIMARY KEY (object, object_id)
);
