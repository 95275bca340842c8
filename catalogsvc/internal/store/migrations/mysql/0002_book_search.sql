-- +goose Up
-- The books on offer, by book id. Both texts are tokens of package search:
-- words in any order, title_words in the title's, with blanks around each.
CREATE TABLE book_search (
  rowid BIGINT NOT NULL PRIMARY KEY,
  words MEDIUMTEXT NOT NULL,
  title_words TEXT NOT NULL,
  FULLTEXT KEY book_search_words (words)
) ENGINE=InnoDB DEFAULT CHARSET=ascii COLLATE=ascii_bin;
