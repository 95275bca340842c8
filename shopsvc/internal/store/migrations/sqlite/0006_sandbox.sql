-- +goose Up

-- The sandbox gateway's own ledger. It stands for another company's database:
-- nothing of it is joined or written together with the shop's tables.
-- It holds no card, only what came of it. late_state is what a charge turns
-- into at ready_at.
CREATE TABLE sandbox_charges (
    id           TEXT   NOT NULL PRIMARY KEY,
    order_number TEXT   NOT NULL,
    method       TEXT   NOT NULL,
    amount       BIGINT NOT NULL,
    currency     TEXT   NOT NULL,
    state        TEXT   NOT NULL,
    late_state   TEXT   NOT NULL DEFAULT '',
    ready_at     BIGINT NOT NULL DEFAULT 0,
    reason       TEXT   NOT NULL DEFAULT '',
    captured     BIGINT NOT NULL DEFAULT 0,
    refunded     BIGINT NOT NULL DEFAULT 0,
    refuses_capture BOOLEAN NOT NULL DEFAULT FALSE,
    page_key     TEXT   NULL UNIQUE,
    return_url   TEXT   NOT NULL DEFAULT '',
    created_at   BIGINT NOT NULL,
    CONSTRAINT sandbox_charges_refunded CHECK (refunded BETWEEN 0 AND captured)
);
CREATE INDEX sandbox_charges_order ON sandbox_charges (order_number);

CREATE TABLE sandbox_refunds (
    id         TEXT   NOT NULL PRIMARY KEY,
    charge_id  TEXT   NOT NULL,
    amount     BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    CONSTRAINT sandbox_refunds_amount CHECK (amount > 0)
);
CREATE INDEX sandbox_refunds_charge ON sandbox_refunds (charge_id);
