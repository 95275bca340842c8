-- +goose Up

-- What admins and sellers changed; see package shared/audit. Rows are only ever
-- added; only the words and the address of one may be erased, each with its salt.
CREATE TABLE audit_entries (
    id             BIGINT      NOT NULL AUTO_INCREMENT PRIMARY KEY,
    object         VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    object_id      VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seq            BIGINT      NOT NULL,
    at             BIGINT      NOT NULL,
    actor          VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    actor_id       BIGINT      NOT NULL,
    action         VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    old_values     MEDIUMTEXT  NULL,
    new_values     MEDIUMTEXT  NULL,
    values_salt    CHAR(32)    CHARACTER SET ascii COLLATE ascii_bin NULL,
    address        VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NULL,
    address_salt   CHAR(32)    CHARACTER SET ascii COLLATE ascii_bin NULL,
    old_digest     CHAR(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    new_digest     CHAR(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    address_digest CHAR(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    hmac           CHAR(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    UNIQUE KEY audit_entries_chain (object, object_id, seq),
    KEY audit_entries_actor (actor_id, id),
    KEY audit_entries_at (at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- How many entries of an object there are, and the seal of the last: so that the
-- end of a chain can't be cut off.
CREATE TABLE audit_heads (
    object    VARCHAR(30) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    object_id VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seq       BIGINT      NOT NULL,
    hmac      VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (object, object_id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
