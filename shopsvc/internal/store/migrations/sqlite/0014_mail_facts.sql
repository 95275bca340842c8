-- +goose Up

-- What makes the outbox one of shared/mail's, whose mails know themselves what
-- they say; order_id, shipment_id and detail are for the release before.
ALTER TABLE outbox ADD COLUMN to_email TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN to_name TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN language TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN facts TEXT NULL;
ALTER TABLE outbox ADD COLUMN kept_at BIGINT NULL;
ALTER TABLE outbox ADD COLUMN repeated_at BIGINT NULL;
