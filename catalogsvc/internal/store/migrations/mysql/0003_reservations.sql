-- +goose Up
-- A released reservation without lines is a tombstone: it was released before
-- it was made, and never will be made.
CREATE TABLE reservations (
  id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  state VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT reservations_state CHECK (state IN ('held', 'committed', 'released')),
  KEY reservations_overdue (state, expires_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE reservation_lines (
  reservation_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  book_id BIGINT NOT NULL,
  quantity BIGINT NOT NULL,
  price BIGINT NOT NULL,
  restocked BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (reservation_id, book_id),
  CONSTRAINT reservation_lines_quantity CHECK (quantity > 0),
  CONSTRAINT reservation_lines_restocked CHECK (restocked >= 0 AND restocked <= quantity),
  KEY reservation_lines_book (book_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE restocks (
  reservation_id VARCHAR(36) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  restock_key VARCHAR(100) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (reservation_id, restock_key)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
