-- +goose Up
-- What an address and a seller's name have in common with others that are the
-- same to people (package text), so that no two accounts share one. NULL where
-- the release before wrote the row and no job has made the keys yet, and where
-- an older account has the same: then _clash is that account. The keys belong
-- to the spelling in _matched; if the row has another by now, they are stale.
ALTER TABLE users
    ADD COLUMN email_match         VARCHAR(512) NULL,
    ADD COLUMN email_matched       VARCHAR(254) NULL,
    ADD COLUMN email_clash         BIGINT       NULL,
    ADD COLUMN seller_name_sound   VARCHAR(200) NULL,
    ADD COLUMN seller_name_look    VARCHAR(200) NULL,
    ADD COLUMN seller_name_matched VARCHAR(100) NULL,
    ADD COLUMN seller_name_clash   BIGINT       NULL,
    ADD UNIQUE KEY users_email_match (email_match),
    ADD UNIQUE KEY users_seller_name_sound (seller_name_sound),
    ADD UNIQUE KEY users_seller_name_look (seller_name_look);
