-- +goose Up

-- The sandbox gateway's own ledger. It stands for another company's database:
-- nothing of it is joined or written together with the shop's tables.
-- It holds no card, only what came of it. late_state is what a charge turns
-- into at ready_at.
CREATE TABLE sandbox_charges (
    id           CHAR(36)      CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    order_number VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    method       VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    amount       BIGINT        NOT NULL,
    currency     CHAR(3)       CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    state        VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    late_state   VARCHAR(20)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    ready_at     BIGINT        NOT NULL DEFAULT 0,
    reason       VARCHAR(100)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    captured     BIGINT        NOT NULL DEFAULT 0,
    refunded     BIGINT        NOT NULL DEFAULT 0,
    refuses_capture BOOLEAN    NOT NULL DEFAULT FALSE,
    page_key     VARCHAR(100)  CHARACTER SET ascii COLLATE ascii_bin NULL,
    return_url   VARCHAR(1000) NOT NULL DEFAULT '',
    created_at   BIGINT        NOT NULL,
    UNIQUE KEY sandbox_charges_page (page_key),
    KEY sandbox_charges_order (order_number),
    CONSTRAINT sandbox_charges_refunded CHECK (refunded BETWEEN 0 AND captured)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE sandbox_refunds (
    id         CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    charge_id  CHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    amount     BIGINT   NOT NULL,
    created_at BIGINT   NOT NULL,
    KEY sandbox_refunds_charge (charge_id),
    CONSTRAINT sandbox_refunds_amount CHECK (amount > 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
