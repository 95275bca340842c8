-- +goose Up

-- Mails about accounts, written with the change that causes them; see package
-- shared/mail. next_at is NULL once there is nothing left to try.
CREATE TABLE mails (
    id          BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    kind        VARCHAR(30)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_id     BIGINT       NOT NULL,
    to_email    VARCHAR(254) NOT NULL DEFAULT '',
    to_name     VARCHAR(100) NOT NULL DEFAULT '',
    language    VARCHAR(8)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL DEFAULT '',
    facts       MEDIUMTEXT   NULL,
    created_at  BIGINT       NOT NULL,
    next_at     BIGINT       NULL,
    lease_until BIGINT       NOT NULL DEFAULT 0,
    attempts    BIGINT       NOT NULL DEFAULT 0,
    sent_at     BIGINT       NULL,
    kept_at     BIGINT       NULL,
    repeated_at BIGINT       NULL,
    KEY mails_due (next_at, lease_until),
    KEY mails_user (user_id, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
