-- +goose Up
-- What an address and a seller's name have in common with others that are the
-- same to people (package text), so that no two accounts share one. NULL where
-- the release before wrote the row and no job has made the keys yet, and where
-- an older account has the same: then _clash is that account. The keys belong
-- to the spelling in _matched; if the row has another by now, they are stale.
ALTER TABLE users ADD COLUMN email_match TEXT NULL;
ALTER TABLE users ADD COLUMN email_matched TEXT NULL;
ALTER TABLE users ADD COLUMN email_clash BIGINT NULL;
ALTER TABLE users ADD COLUMN seller_name_sound TEXT NULL;
ALTER TABLE users ADD COLUMN seller_name_look TEXT NULL;
ALTER TABLE users ADD COLUMN seller_name_matched TEXT NULL;
ALTER TABLE users ADD COLUMN seller_name_clash BIGINT NULL;
CREATE UNIQUE INDEX users_email_match ON users (email_match);
CREATE UNIQUE INDEX users_seller_name_sound ON users (seller_name_sound);
CREATE UNIQUE INDEX users_seller_name_look ON users (seller_name_look);
