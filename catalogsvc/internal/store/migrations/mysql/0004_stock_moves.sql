-- +goose Up
-- The ledger of stock: every change of where copies are, by how much each of
-- the three places a copy can be in changes. For every book b, at all times:
--
--   books.stock                                    = SUM(stock_delta)
--   held: quantities of its held reservations      = SUM(held_delta)
--   sold: quantities less restocked of committed   = SUM(sold_delta)
--   stock + held + sold = SUM(stock_delta) of listed, adjusted and delisted
--
-- where held and sold come from reservations and reservation_lines. actor is
-- "user:<id>", "shop" (on behalf of an order) or "sweep" (a forgotten hold).
CREATE TABLE stock_moves (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  book_id BIGINT NOT NULL,
  kind VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  stock_delta BIGINT NOT NULL,
  held_delta BIGINT NOT NULL,
  sold_delta BIGINT NOT NULL,
  reservation_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  actor VARCHAR(40) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT stock_moves_kind CHECK (
    (kind IN ('listed', 'adjusted', 'delisted') AND held_delta = 0 AND sold_delta = 0) OR
    (kind IN ('reserved', 'released', 'committed', 'restocked') AND stock_delta + held_delta + sold_delta = 0)
  ),
  KEY stock_moves_book (book_id, kind)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
