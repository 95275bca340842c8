-- +goose Up

-- The key of the picture that a copy had when it was bought; empty if it had none.
ALTER TABLE order_lines ADD COLUMN cover VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '';
