-- +goose Up

-- A cart belongs to a user or to a guest, known by the hash of a token.
-- Every change of a cart or its lines raises version, which guards it.
-- checkout_key places an order once; previous_key is the one used last.
CREATE TABLE carts (
    id           BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    user_id      BIGINT       NULL,
    token_hash   CHAR(64)     CHARACTER SET ascii COLLATE ascii_bin NULL,
    checkout_key VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    previous_key VARCHAR(100) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    version      BIGINT       NOT NULL DEFAULT 1,
    updated_at   BIGINT       NOT NULL,
    UNIQUE KEY carts_user (user_id),
    UNIQUE KEY carts_guest (token_hash),
    KEY carts_age (updated_at),
    CONSTRAINT carts_owner CHECK ((user_id IS NULL) <> (token_hash IS NULL))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE cart_lines (
    cart_id  BIGINT NOT NULL,
    book_id  BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (cart_id, book_id),
    CONSTRAINT cart_lines_cart FOREIGN KEY (cart_id) REFERENCES carts (id) ON DELETE CASCADE,
    CONSTRAINT cart_lines_quantity CHECK (quantity BETWEEN 1 AND 1000)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
