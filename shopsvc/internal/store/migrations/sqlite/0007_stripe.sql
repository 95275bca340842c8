-- +goose Up

-- Payments on Stripe's own page, by the payment's id. A row is written before
-- Stripe is asked; session_id is its answer. A voided row without one is the
-- tombstone of a payment that must not begin any more.
CREATE TABLE stripe_sessions (
    id           TEXT NOT NULL PRIMARY KEY,
    session_id   TEXT NOT NULL DEFAULT '',
    order_number TEXT NOT NULL,
    amount       BIGINT NOT NULL,
    currency     TEXT NOT NULL,
    return_url   TEXT NOT NULL,
    voided       BOOLEAN NOT NULL DEFAULT FALSE,
    created_at   BIGINT NOT NULL
);
