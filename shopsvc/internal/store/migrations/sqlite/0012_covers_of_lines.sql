-- +goose Up

-- The key of the picture that a copy had when it was bought; empty if it had none.
ALTER TABLE order_lines ADD COLUMN cover TEXT NOT NULL DEFAULT '';
