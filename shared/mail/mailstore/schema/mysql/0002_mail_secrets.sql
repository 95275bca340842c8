-- +goose Up

-- What of a mail nobody but its reader may know, encrypted: NULL for a mail
-- that has nothing of the kind, and empty once the mail is sent or given up.
ALTER TABLE mails ADD COLUMN secret VARCHAR(1000) CHARACTER SET ascii COLLATE ascii_bin NULL;
