-- +goose Up

-- What the operator keeps of a sale, from starts_at until ends_at: of its price
-- (on_delivery: and delivery) basis_points, and fixed, but minimum at least, with
-- tax_basis_points of that as tax. seller_id is 0 for all sellers who have no rule
-- of their own. A rule is ended, never changed.
CREATE TABLE commission_rules (
    id               BIGINT  NOT NULL AUTO_INCREMENT PRIMARY KEY,
    seller_id        BIGINT  NOT NULL DEFAULT 0,
    basis_points     BIGINT  NOT NULL,
    fixed            BIGINT  NOT NULL,
    minimum          BIGINT  NOT NULL,
    tax_basis_points BIGINT  NOT NULL,
    on_delivery      BOOLEAN NOT NULL,
    starts_at        BIGINT  NOT NULL,
    ends_at          BIGINT  NULL,
    CONSTRAINT commission_rules_share CHECK (basis_points BETWEEN 0 AND 10000 AND tax_basis_points BETWEEN 0 AND 10000),
    CONSTRAINT commission_rules_amounts CHECK (fixed >= 0 AND minimum >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The ledger is append-only. Each posting books one event of an order, named by
-- event_seq; seq numbers the postings of the order, whose seals are a chain.
CREATE TABLE postings (
    order_id  CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seq       BIGINT      NOT NULL,
    event_seq BIGINT      NOT NULL,
    kind      VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    at        BIGINT      NOT NULL,
    hmac      CHAR(64)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (order_id, seq),
    UNIQUE KEY postings_event (order_id, event_seq),
    CONSTRAINT postings_of FOREIGN KEY (order_id) REFERENCES orders (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- The entries of a posting sum to zero. What is owed to a seller is below zero.
-- seller_id is 0 and shipment_id empty where an entry is nobody's in particular.
CREATE TABLE ledger_entries (
    order_id    CHAR(36)    CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seq         BIGINT      NOT NULL,
    position    BIGINT      NOT NULL,
    account     VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    seller_id   BIGINT      NOT NULL,
    shipment_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    amount      BIGINT      NOT NULL,
    PRIMARY KEY (order_id, seq, position),
    KEY ledger_entries_balance (seller_id, account, amount),
    CONSTRAINT ledger_entries_of FOREIGN KEY (order_id, seq) REFERENCES postings (order_id, seq)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- posted_seq is the last event that the ledger knows of. The release before writes
-- events without it; unposted is how many.
ALTER TABLE orders ADD COLUMN posted_seq BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN posting_seq BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN posting_mac CHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN unposted BIGINT GENERATED ALWAYS AS (event_seq - posted_seq) VIRTUAL;
CREATE INDEX orders_unposted ON orders (unposted);

-- commission and its tax are what the rules of the sale's day came to, NULL for
-- what the release before has placed. release_at is when the seller's money
-- becomes available, released_at when it has.
ALTER TABLE shipments ADD COLUMN commission BIGINT NULL,
    ADD COLUMN commission_tax BIGINT NULL,
    ADD COLUMN release_at BIGINT NULL,
    ADD COLUMN released_at BIGINT NULL;
CREATE INDEX shipments_release ON shipments (release_at);
