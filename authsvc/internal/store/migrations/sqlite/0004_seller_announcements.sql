-- +goose Up
-- What the other services were last told to know of whoever sells: the name
-- and whether the account may sell. seller_version grows with each change of
-- either, so that an old message never overwrites a newer one.
ALTER TABLE users ADD COLUMN seller_version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN announced_name TEXT NULL;
ALTER TABLE users ADD COLUMN announced_sells INTEGER NULL;

-- Messages still to be delivered, one for each account and receiving service;
-- they carry the account as it is when they are sent. due_at is when one is
-- to be sent, and while it is being sent, when the sender's claim ends.
CREATE TABLE seller_announcements (
    user_id  INTEGER NOT NULL,
    receiver TEXT    NOT NULL,
    due_at   INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (user_id, receiver)
);
CREATE INDEX seller_announcements_due ON seller_announcements (receiver, due_at);
