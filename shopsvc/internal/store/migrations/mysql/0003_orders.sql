-- +goose Up

-- An order is one aggregate: its row, shipments, lines, payments, refunds and
-- events change together, guarded by orders.version.
--
-- idempotency_key is NULL once the catalogue refused the order: such an order
-- was never placed in its buyer's eyes and is in no list.
-- The id of an order also is the id of its reservation in the catalogue; stock
-- says what became of that: none, held, committed, returned.
-- ending and end_reason say where an order in voiding or restocking goes.
-- next_at is when somebody has to do something for the order, NULL for never;
-- lease_until keeps others away while somebody does.
-- captured and refunded are the sums of payments.captured and refunds.amount
-- (due and paid). Always: captured - refunded = sum over shipments that are
-- neither rejected nor cancelled of total - refunded, once paid_at is set, and
-- 0 for orders that never were paid.
CREATE TABLE orders (
    id              CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    number          VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    buyer_id        BIGINT       NOT NULL,
    idempotency_key VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NULL,
    body_hash       CHAR(64)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state           VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    stock           VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    ending          VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    end_reason      VARCHAR(500) NOT NULL DEFAULT '',
    from_cart       BOOLEAN      NOT NULL,
    cart_taken      BOOLEAN      NOT NULL DEFAULT FALSE,
    address         TEXT         NOT NULL,
    currency        CHAR(3)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subtotal        BIGINT       NOT NULL,
    delivery_total  BIGINT       NOT NULL,
    total           BIGINT       NOT NULL,
    captured        BIGINT       NOT NULL DEFAULT 0,
    refunded        BIGINT       NOT NULL DEFAULT 0,
    placed_at       BIGINT       NOT NULL,
    expires_at      BIGINT       NULL,
    paid_at         BIGINT       NULL,
    next_at         BIGINT       NULL,
    lease_until     BIGINT       NOT NULL DEFAULT 0,
    attempts        BIGINT       NOT NULL DEFAULT 0,
    version         BIGINT       NOT NULL,
    event_seq       BIGINT       NOT NULL DEFAULT 0,
    event_mac       CHAR(64)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    UNIQUE KEY orders_number (number),
    UNIQUE KEY orders_key (buyer_id, idempotency_key),
    KEY orders_buyer (buyer_id, state, id),
    KEY orders_state (state, id),
    KEY orders_due (next_at, lease_until),
    CONSTRAINT orders_total CHECK (total = subtotal + delivery_total AND subtotal >= 0 AND delivery_total >= 0),
    CONSTRAINT orders_refunded CHECK (refunded BETWEEN 0 AND captured)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- One seller's part of an order. restock says whether its copies go back to the
-- shelf: '', due, done. due_at is when its seller is reminded or the shipment
-- cancelled. A shipment is its seller's to see once paid_at is set.
CREATE TABLE shipments (
    id              CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    order_id        CHAR(36)     CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position        BIGINT       NOT NULL,
    seller_id       BIGINT       NOT NULL,
    seller_name     VARCHAR(200) NOT NULL,
    state           VARCHAR(20)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    provider_id     BIGINT       NOT NULL,
    provider_name   VARCHAR(100) NOT NULL,
    delivery_cost   BIGINT       NOT NULL,
    subtotal        BIGINT       NOT NULL,
    total           BIGINT       NOT NULL,
    refunded        BIGINT       NOT NULL DEFAULT 0,
    tracking_number VARCHAR(100) NOT NULL DEFAULT '',
    reject_reason   VARCHAR(500) NOT NULL DEFAULT '',
    restock         VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    reminded        BOOLEAN      NOT NULL DEFAULT FALSE,
    due_at          BIGINT       NULL,
    paid_at         BIGINT       NULL,
    dispatched_at   BIGINT       NULL,
    delivered_at    BIGINT       NULL,
    UNIQUE KEY shipments_order (order_id, seller_id),
    KEY shipments_sales (seller_id, paid_at, id),
    CONSTRAINT shipments_of FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT shipments_total CHECK (total = subtotal + delivery_cost),
    CONSTRAINT shipments_refunded CHECK (refunded BETWEEN 0 AND total)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What was bought, as it was then. position is the line's place in the order.
CREATE TABLE order_lines (
    order_id       CHAR(36)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position       BIGINT        NOT NULL,
    shipment_id    CHAR(36)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    book_id        BIGINT        NOT NULL,
    title          VARCHAR(1000) NOT NULL,
    authors        TEXT          NOT NULL,
    book_condition VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    price          BIGINT        NOT NULL,
    quantity       BIGINT        NOT NULL,
    PRIMARY KEY (order_id, position),
    UNIQUE KEY order_lines_book (order_id, book_id),
    CONSTRAINT order_lines_of FOREIGN KEY (order_id) REFERENCES orders (id),
    CONSTRAINT order_lines_price CHECK (price >= 0),
    CONSTRAINT order_lines_quantity CHECK (quantity BETWEEN 1 AND 1000)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
