-- +goose Up
-- The books on offer, by book id. Both texts are tokens of package search:
-- words in any order, title_words in the title's, with blanks around each.
-- Every token begins with two letters of marker, so the indexes of beginnings
-- serve one to four typed letters.
CREATE VIRTUAL TABLE book_search USING fts5 (
  words,
  title_words UNINDEXED,
  tokenize = 'ascii',
  detail = 'none',
  columnsize = 0,
  prefix = '3 4 5 6'
);
