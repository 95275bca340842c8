-- +goose Up

-- A cart belongs to a user or to a guest, known by the hash of a token.
-- Every change of a cart or its lines raises version, which guards it.
-- checkout_key places an order once; previous_key is the one used last.
CREATE TABLE carts (
    id           INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    user_id      BIGINT  NULL UNIQUE,
    token_hash   TEXT    NULL UNIQUE,
    checkout_key TEXT    NOT NULL,
    previous_key TEXT    NOT NULL DEFAULT '',
    version      BIGINT  NOT NULL DEFAULT 1,
    updated_at   BIGINT  NOT NULL,
    CONSTRAINT carts_owner CHECK ((user_id IS NULL) <> (token_hash IS NULL))
);
CREATE INDEX carts_age ON carts (updated_at);

CREATE TABLE cart_lines (
    cart_id  BIGINT NOT NULL REFERENCES carts (id) ON DELETE CASCADE,
    book_id  BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    added_at BIGINT NOT NULL,
    PRIMARY KEY (cart_id, book_id),
    CONSTRAINT cart_lines_quantity CHECK (quantity BETWEEN 1 AND 1000)
);
