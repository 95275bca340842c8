-- +goose Up
-- The keys of requests that create something: the same key of the same user
-- creates once. created_at is when, for a sweep.
CREATE TABLE idempotency_keys (
    user_id         BIGINT NOT NULL,
    idempotency_key TEXT   NOT NULL,
    digest          TEXT   NOT NULL,
    created_id      BIGINT NOT NULL,
    created_at      BIGINT NOT NULL,
    PRIMARY KEY (user_id, idempotency_key)
);

CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);
