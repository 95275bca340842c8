-- +goose Up
-- Of which format of package search the tokens of a book are, and of which
-- version of the book. NULL, or a version that is no longer the book's, where
-- the release before wrote them: they are to be made anew.
ALTER TABLE books
  ADD COLUMN search_format INT NULL,
  ADD COLUMN search_version BIGINT NULL;
