-- +goose Up
-- What is counted of wrong passwords and strangers' wishes: one is forgotten after
-- each pause, all at empty_at. login_failures is written by the release before.
CREATE TABLE tallies (
    tally_key VARCHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    empty_at  BIGINT      NOT NULL,
    last_at   BIGINT      NOT NULL,
    KEY tallies_empty_at (empty_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Browsers from which the owner of an account has signed in.
CREATE TABLE devices (
    user_id     BIGINT      NOT NULL,
    device_hash VARCHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    used_at     BIGINT      NOT NULL,
    PRIMARY KEY (user_id, device_hash),
    KEY devices_used_at (used_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
