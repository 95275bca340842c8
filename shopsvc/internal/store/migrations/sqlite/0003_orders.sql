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
    id              TEXT    NOT NULL PRIMARY KEY,
    number          TEXT    NOT NULL UNIQUE,
    buyer_id        BIGINT  NOT NULL,
    idempotency_key TEXT    NULL,
    body_hash       TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    stock           TEXT    NOT NULL,
    ending          TEXT    NOT NULL DEFAULT '',
    end_reason      TEXT    NOT NULL DEFAULT '',
    from_cart       BOOLEAN NOT NULL,
    cart_taken      BOOLEAN NOT NULL DEFAULT FALSE,
    address         TEXT    NOT NULL,
    currency        TEXT    NOT NULL,
    subtotal        BIGINT  NOT NULL,
    delivery_total  BIGINT  NOT NULL,
    total           BIGINT  NOT NULL,
    captured        BIGINT  NOT NULL DEFAULT 0,
    refunded        BIGINT  NOT NULL DEFAULT 0,
    placed_at       BIGINT  NOT NULL,
    expires_at      BIGINT  NULL,
    paid_at         BIGINT  NULL,
    next_at         BIGINT  NULL,
    lease_until     BIGINT  NOT NULL DEFAULT 0,
    attempts        BIGINT  NOT NULL DEFAULT 0,
    version         BIGINT  NOT NULL,
    event_seq       BIGINT  NOT NULL DEFAULT 0,
    event_mac       TEXT    NOT NULL DEFAULT '',
    CONSTRAINT orders_total CHECK (total = subtotal + delivery_total AND subtotal >= 0 AND delivery_total >= 0),
    CONSTRAINT orders_refunded CHECK (refunded BETWEEN 0 AND captured)
);
CREATE UNIQUE INDEX orders_key ON orders (buyer_id, idempotency_key);
CREATE INDEX orders_buyer ON orders (buyer_id, state, id);
CREATE INDEX orders_state ON orders (state, id);
CREATE INDEX orders_due ON orders (next_at, lease_until);

-- One seller's part of an order. restock says whether its copies go back to the
-- shelf: '', due, done. due_at is when its seller is reminded or the shipment
-- cancelled. A shipment is its seller's to see once paid_at is set.
CREATE TABLE shipments (
    id              TEXT    NOT NULL PRIMARY KEY,
    order_id        TEXT    NOT NULL REFERENCES orders (id),
    position        BIGINT  NOT NULL,
    seller_id       BIGINT  NOT NULL,
    seller_name     TEXT    NOT NULL,
    state           TEXT    NOT NULL,
    provider_id     BIGINT  NOT NULL,
    provider_name   TEXT    NOT NULL,
    delivery_cost   BIGINT  NOT NULL,
    subtotal        BIGINT  NOT NULL,
    total           BIGINT  NOT NULL,
    refunded        BIGINT  NOT NULL DEFAULT 0,
    tracking_number TEXT    NOT NULL DEFAULT '',
    reject_reason   TEXT    NOT NULL DEFAULT '',
    restock         TEXT    NOT NULL DEFAULT '',
    reminded        BOOLEAN NOT NULL DEFAULT FALSE,
    due_at          BIGINT  NULL,
    paid_at         BIGINT  NULL,
    dispatched_at   BIGINT  NULL,
    delivered_at    BIGINT  NULL,
    CONSTRAINT shipments_total CHECK (total = subtotal + delivery_cost),
    CONSTRAINT shipments_refunded CHECK (refunded BETWEEN 0 AND total)
);
CREATE UNIQUE INDEX shipments_order ON shipments (order_id, seller_id);
CREATE INDEX shipments_sales ON shipments (seller_id, paid_at, id);

-- What was bought, as it was then. position is the line's place in the order.
CREATE TABLE order_lines (
    order_id       TEXT   NOT NULL REFERENCES orders (id),
    position       BIGINT NOT NULL,
    shipment_id    TEXT   NOT NULL,
    book_id        BIGINT NOT NULL,
    title          TEXT   NOT NULL,
    authors        TEXT   NOT NULL,
    book_condition TEXT   NOT NULL,
    price          BIGINT NOT NULL,
    quantity       BIGINT NOT NULL,
    PRIMARY KEY (order_id, position),
    CONSTRAINT order_lines_price CHECK (price >= 0),
    CONSTRAINT order_lines_quantity CHECK (quantity BETWEEN 1 AND 1000)
);
CREATE UNIQUE INDEX order_lines_book ON order_lines (order_id, book_id);
