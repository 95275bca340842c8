-- +goose Up

-- Attempts to pay an order; the id is the key by which the gateway knows one.
-- open_order_id is the order's id while the attempt is open, so that an order
-- has one open attempt at most. captured is what was taken, which is more or
-- less than amount only for transfers. poll_at is when to ask the gateway
-- again for a buyer who is there.
CREATE TABLE payments (
    id            CHAR(36)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    order_id      CHAR(36)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    open_order_id CHAR(36)      CHARACTER SET ascii COLLATE ascii_bin NULL,
    method        VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state         VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    amount        BIGINT        NOT NULL,
    captured      BIGINT        NOT NULL DEFAULT 0,
    reason        VARCHAR(100)  NOT NULL DEFAULT '',
    redirect_url  VARCHAR(1000) NOT NULL DEFAULT '',
    reference     VARCHAR(100)  NOT NULL DEFAULT '',
    poll_at       BIGINT        NULL,
    created_at    BIGINT        NOT NULL,
    UNIQUE KEY payments_open (open_order_id),
    KEY payments_order (order_id, created_at),
    CONSTRAINT payments_of FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT payments_amount CHECK (amount >= 0 AND captured >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Money that goes back. shipment_id is NULL for money that paid for nothing,
-- such as a transfer that came too late.
CREATE TABLE refunds (
    id          CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    order_id    CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    payment_id  CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    shipment_id CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NULL,
    amount      BIGINT       NOT NULL,
    state       VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason      VARCHAR(500) NOT NULL,
    created_at  BIGINT       NOT NULL,
    paid_at     BIGINT       NULL,
    KEY refunds_order (order_id, created_at),
    KEY refunds_state (state, created_at),
    CONSTRAINT refunds_of FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT refunds_amount CHECK (amount > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
