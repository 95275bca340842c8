-- +goose Up
-- Which books changed in a way that searches must learn of, in the order of
-- their changes or nearly: written in the transaction of the change. Changes of
-- stock are in stock_moves instead. Old rows are deleted.
CREATE TABLE book_changes (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  book_id INTEGER NOT NULL,
  created_at INTEGER NOT NULL
);
