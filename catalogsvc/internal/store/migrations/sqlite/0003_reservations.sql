-- +goose Up
-- A released reservation without lines is a tombstone: it was released before
-- it was made, and never will be made.
CREATE TABLE reservations (
  id TEXT NOT NULL PRIMARY KEY,
  state TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CONSTRAINT reservations_state CHECK (state IN ('held', 'committed', 'released'))
);
CREATE INDEX reservations_overdue ON reservations (state, expires_at);

CREATE TABLE reservation_lines (
  reservation_id TEXT NOT NULL,
  book_id INTEGER NOT NULL,
  quantity INTEGER NOT NULL,
  price INTEGER NOT NULL,
  restocked INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (reservation_id, book_id),
  CONSTRAINT reservation_lines_quantity CHECK (quantity > 0),
  CONSTRAINT reservation_lines_restocked CHECK (restocked >= 0 AND restocked <= quantity)
);
CREATE INDEX reservation_lines_book ON reservation_lines (book_id);

CREATE TABLE restocks (
  reservation_id TEXT NOT NULL,
  restock_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (reservation_id, restock_key)
);
