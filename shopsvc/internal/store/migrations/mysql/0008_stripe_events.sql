-- +goose Up

-- Call-backs of Stripe's that were dealt with, so that each is once.
CREATE TABLE stripe_events (
    id       VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    taken_at BIGINT       NOT NULL,
    KEY stripe_events_taken (taken_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The addresses of Stripe's pages may be this long.
ALTER TABLE payments MODIFY redirect_url VARCHAR(5000) NOT NULL DEFAULT '';
