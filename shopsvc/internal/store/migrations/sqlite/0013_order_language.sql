-- +goose Up

-- The language that the buyer reads (ISO 639-1); empty if it is not known.
ALTER TABLE orders ADD COLUMN language TEXT NOT NULL DEFAULT '';
