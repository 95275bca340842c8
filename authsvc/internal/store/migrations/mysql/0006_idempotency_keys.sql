-- +goose Up
-- The keys of requests that create something: the same key of the same user
-- creates once. created_at is when, for a sweep.
CREATE TABLE idempotency_keys (
    user_id         BIGINT NOT NULL,
    idempotency_key VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    digest          CHAR(64)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_id      BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (user_id, idempotency_key),
    KEY idempotency_keys_age (created_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
