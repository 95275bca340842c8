-- +goose Up
-- What the other services were last told to know of whoever sells: the name
-- and whether the account may sell. seller_version grows with each change of
-- either, so that an old message never overwrites a newer one.
ALTER TABLE users
    ADD COLUMN seller_version  BIGINT       NOT NULL DEFAULT 0,
    ADD COLUMN announced_name  VARCHAR(100) NULL,
    ADD COLUMN announced_sells TINYINT      NULL;

-- Messages still to be delivered, one for each account and receiving service;
-- they carry the account as it is when they are sent. due_at is when one is
-- to be sent, and while it is being sent, when the sender's claim ends.
CREATE TABLE seller_announcements (
    user_id  BIGINT      NOT NULL,
    receiver VARCHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    due_at   BIGINT      NOT NULL,
    attempts INT         NOT NULL,
    PRIMARY KEY (user_id, receiver),
    KEY seller_announcements_due (receiver, due_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
