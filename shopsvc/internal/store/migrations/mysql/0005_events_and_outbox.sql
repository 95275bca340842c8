-- +goose Up

-- What happened to an order, only ever added to. hmac chains each event to the
-- one before under a key that the database does not hold; see shop.EventKey.
CREATE TABLE order_events (
    order_id    CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seq         BIGINT       NOT NULL,
    at          BIGINT       NOT NULL,
    actor       VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    actor_id    BIGINT       NOT NULL,
    subject     VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject_id  VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    shipment_id VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    from_state  VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    to_state    VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    reason      VARCHAR(500) NOT NULL,
    hmac        CHAR(64)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (order_id, seq),
    CONSTRAINT order_events_of FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- Mails to be sent, written with the change that causes them. next_at is NULL
-- once one was sent.
CREATE TABLE outbox (
    id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind        VARCHAR(30)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id     BIGINT       NOT NULL,
    order_id    CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    shipment_id VARCHAR(36)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    detail      TEXT         NOT NULL,
    created_at  BIGINT       NOT NULL,
    next_at     BIGINT       NULL,
    lease_until BIGINT       NOT NULL DEFAULT 0,
    attempts    BIGINT       NOT NULL DEFAULT 0,
    sent_at     BIGINT       NULL,
    KEY outbox_due (next_at, lease_until),
    KEY outbox_user (user_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
