-- +goose Up

-- Why something happened is a code that the program gave, or a note in a
-- person's own words, or both. Both were one text once, which the release
-- before still reads and writes: order_events.reason, refunds.reason and
-- orders.end_reason, which hold the code as well. code is NULL, or not that of
-- the text, where only the text was written.
--
-- What hmac is of depends on seal_version: 0, on reason; 1, on code and
-- note_digest. A note can be erased together with its salt; its digest stays.
ALTER TABLE order_events ADD COLUMN seal_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE order_events ADD COLUMN code TEXT NULL;
ALTER TABLE order_events ADD COLUMN note TEXT NULL;
ALTER TABLE order_events ADD COLUMN note_salt TEXT NULL;
ALTER TABLE order_events ADD COLUMN note_digest TEXT NULL;

ALTER TABLE refunds ADD COLUMN code TEXT NULL;
ALTER TABLE refunds ADD COLUMN note TEXT NULL;

ALTER TABLE orders ADD COLUMN end_code TEXT NULL;
ALTER TABLE orders ADD COLUMN end_note TEXT NULL;
