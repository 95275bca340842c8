-- +goose Up
-- version is that of authsvc's latest word on the seller, 0 before the first.
ALTER TABLE sellers ADD COLUMN version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sellers ADD COLUMN suspended_at BIGINT NULL;

-- Set while a listing is off the shop only because its seller may not sell. It
-- is delisted as well, with its stock kept, and comes back with the seller.
ALTER TABLE books ADD COLUMN suspended_at BIGINT NULL;
