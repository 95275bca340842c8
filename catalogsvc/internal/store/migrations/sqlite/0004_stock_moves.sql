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
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  book_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  stock_delta INTEGER NOT NULL,
  held_delta INTEGER NOT NULL,
  sold_delta INTEGER NOT NULL,
  reservation_id TEXT NOT NULL,
  actor TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  CONSTRAINT stock_moves_kind CHECK (
    (kind IN ('listed', 'adjusted', 'delisted') AND held_delta = 0 AND sold_delta = 0) OR
    (kind IN ('reserved', 'released', 'committed', 'restocked') AND stock_delta + held_delta + sold_delta = 0)
  )
);
CREATE INDEX stock_moves_book ON stock_moves (book_id, kind);
