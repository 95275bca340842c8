-- +goose Up

-- What happened to an order, only ever added to. hmac chains each event to the
-- one before under a key that the database does not hold; see shop.EventKey.
CREATE TABLE order_events (
    order_id    TEXT   NOT NULL REFERENCES orders (id),
    seq         BIGINT NOT NULL,
    at          BIGINT NOT NULL,
    actor       TEXT   NOT NULL,
    actor_id    BIGINT NOT NULL,
    subject     TEXT   NOT NULL,
    subject_id  TEXT   NOT NULL,
    shipment_id TEXT   NOT NULL,
    from_state  TEXT   NOT NULL,
    to_state    TEXT   NOT NULL,
    reason      TEXT   NOT NULL,
    hmac        TEXT   NOT NULL,
    PRIMARY KEY (order_id, seq)
);

-- Mails to be sent, written with the change that causes them. next_at is NULL
-- once one was sent.
CREATE TABLE outbox (
    id          INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    kind        TEXT    NOT NULL,
    user_id     BIGINT  NOT NULL,
    order_id    TEXT    NOT NULL,
    shipment_id TEXT    NOT NULL,
    detail      TEXT    NOT NULL,
    created_at  BIGINT  NOT NULL,
    next_at     BIGINT  NULL,
    lease_until BIGINT  NOT NULL DEFAULT 0,
    attempts    BIGINT  NOT NULL DEFAULT 0,
    sent_at     BIGINT  NULL
);
CREATE INDEX outbox_due ON outbox (next_at, lease_until);
CREATE INDEX outbox_user ON outbox (user_id, id);
