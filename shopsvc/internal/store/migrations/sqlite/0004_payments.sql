-- +goose Up

-- Attempts to pay an order; the id is the key by which the gateway knows one.
-- open_order_id is the order's id while the attempt is open, so that an order
-- has one open attempt at most. captured is what was taken, which is more or
-- less than amount only for transfers. poll_at is when to ask the gateway
-- again for a buyer who is there.
CREATE TABLE payments (
    id            TEXT   NOT NULL PRIMARY KEY,
    order_id      TEXT   NOT NULL REFERENCES orders (id),
    open_order_id TEXT   NULL UNIQUE,
    method        TEXT   NOT NULL,
    state         TEXT   NOT NULL,
    amount        BIGINT NOT NULL,
    captured      BIGINT NOT NULL DEFAULT 0,
    reason        TEXT   NOT NULL DEFAULT '',
    redirect_url  TEXT   NOT NULL DEFAULT '',
    reference     TEXT   NOT NULL DEFAULT '',
    poll_at       BIGINT NULL,
    created_at    BIGINT NOT NULL,
    CONSTRAINT payments_amount CHECK (amount >= 0 AND captured >= 0)
);
CREATE INDEX payments_order ON payments (order_id, created_at);

-- Money that goes back. shipment_id is NULL for money that paid for nothing,
-- such as a transfer that came too late.
CREATE TABLE refunds (
    id          TEXT   NOT NULL PRIMARY KEY,
    order_id    TEXT   NOT NULL REFERENCES orders (id),
    payment_id  TEXT   NOT NULL,
    shipment_id TEXT   NULL,
    amount      BIGINT NOT NULL,
    state       TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    paid_at     BIGINT NULL,
    CONSTRAINT refunds_amount CHECK (amount > 0)
);
CREATE INDEX refunds_order ON refunds (order_id, created_at);
CREATE INDEX refunds_state ON refunds (state, created_at);
