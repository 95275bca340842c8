-- +goose Up
-- The key of the picture of this copy: the hash of its content, or '' for none.
ALTER TABLE books ADD COLUMN cover VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
