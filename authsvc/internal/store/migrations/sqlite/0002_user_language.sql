-- +goose Up

-- The language that the account's owner reads (ISO 639-1); empty if it is not known.
ALTER TABLE users ADD COLUMN language TEXT NOT NULL DEFAULT '';
