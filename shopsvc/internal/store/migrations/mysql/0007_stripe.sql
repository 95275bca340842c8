-- +goose Up

-- Payments on Stripe's own page, by the payment's id. A row is written before
-- Stripe is asked; session_id is its answer. A voided row without one is the
-- tombstone of a payment that must not begin any more.
CREATE TABLE stripe_sessions (
    id           VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    session_id   VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    order_number VARCHAR(40) NOT NULL,
    amount       BIGINT NOT NULL,
    currency     CHAR(3) NOT NULL,
    return_url   VARCHAR(1000) NOT NULL,
    voided       BOOLEAN NOT NULL DEFAULT FALSE,
    created_at   BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
