-- +goose Up
-- Which books changed in a way that searches must learn of, in the order of
-- their changes or nearly: written in the transaction of the change. Changes of
-- stock are in stock_moves instead. Old rows are deleted.
CREATE TABLE book_changes (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  book_id BIGINT NOT NULL,
  created_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
