-- +goose Up
CREATE TABLE sellers (
  id INTEGER NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  updated_at INTEGER NOT NULL
);

-- in_stock changes only when the first copy comes or the last one goes, so
-- that a reservation touches no index.
CREATE TABLE books (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  version INTEGER NOT NULL DEFAULT 1,
  seller_id INTEGER NOT NULL,
  title TEXT NOT NULL,
  sort_title TEXT NOT NULL,
  authors TEXT NOT NULL,
  isbn TEXT NOT NULL,
  description TEXT NOT NULL,
  category TEXT NOT NULL,
  language TEXT NOT NULL,
  publisher TEXT NOT NULL,
  published_year INTEGER NOT NULL,
  copy_condition TEXT NOT NULL,
  price INTEGER NOT NULL,
  sku TEXT NOT NULL,
  stock INTEGER NOT NULL,
  in_stock INTEGER GENERATED ALWAYS AS (stock > 0) STORED,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  delisted_at INTEGER NULL,
  CONSTRAINT books_price CHECK (price > 0),
  CONSTRAINT books_stock CHECK (stock >= 0)
);
CREATE INDEX books_price ON books (price);
CREATE INDEX books_sort_title ON books (sort_title);
CREATE INDEX books_isbn ON books (isbn);
CREATE INDEX books_seller ON books (seller_id);
CREATE INDEX books_category ON books (category, delisted_at);
CREATE INDEX books_category_stock ON books (category, in_stock, delisted_at);
CREATE INDEX books_category_price ON books (category, price);
CREATE INDEX books_category_title ON books (category, sort_title);
