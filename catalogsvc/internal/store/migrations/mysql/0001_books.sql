-- +goose Up
CREATE TABLE sellers (
  id BIGINT NOT NULL PRIMARY KEY,
  name VARCHAR(100) NOT NULL,
  updated_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- in_stock changes only when the first copy comes or the last one goes, so
-- that a reservation touches no index.
CREATE TABLE books (
  id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  version BIGINT NOT NULL DEFAULT 1,
  seller_id BIGINT NOT NULL,
  title VARCHAR(300) NOT NULL,
  sort_title VARCHAR(150) NOT NULL,
  authors TEXT NOT NULL,
  isbn VARCHAR(13) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  description TEXT NOT NULL,
  category VARCHAR(50) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  language VARCHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  publisher VARCHAR(200) NOT NULL,
  published_year INT NOT NULL,
  copy_condition VARCHAR(20) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  price BIGINT NOT NULL,
  sku VARCHAR(64) NOT NULL,
  stock BIGINT NOT NULL,
  in_stock TINYINT GENERATED ALWAYS AS (stock > 0) STORED,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  delisted_at BIGINT NULL,
  CONSTRAINT books_price CHECK (price > 0),
  CONSTRAINT books_stock CHECK (stock >= 0),
  KEY books_price (price),
  KEY books_sort_title (sort_title),
  KEY books_isbn (isbn),
  KEY books_seller (seller_id),
  KEY books_category (category, delisted_at),
  KEY books_category_stock (category, in_stock, delisted_at),
  KEY books_category_price (category, price),
  KEY books_category_title (category, sort_title)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
