-- +goose Up

-- What makes the outbox one of shared/mail's, whose mails know themselves what
-- they say; order_id, shipment_id and detail are for the release before.
ALTER TABLE outbox
    ADD COLUMN to_email    VARCHAR(254) NOT NULL DEFAULT '',
    ADD COLUMN to_name     VARCHAR(100) NOT NULL DEFAULT '',
    ADD COLUMN language    VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    ADD COLUMN facts       MEDIUMTEXT   NULL,
    ADD COLUMN kept_at     BIGINT       NULL,
    ADD COLUMN repeated_at BIGINT       NULL;
