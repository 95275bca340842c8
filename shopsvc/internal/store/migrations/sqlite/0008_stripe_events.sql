-- +goose Up

-- Call-backs of Stripe's that were dealt with, so that each is once.
CREATE TABLE stripe_events (
    id       TEXT   NOT NULL PRIMARY KEY,
    taken_at BIGINT NOT NULL
);
CREATE INDEX stripe_events_taken ON stripe_events (taken_at);
