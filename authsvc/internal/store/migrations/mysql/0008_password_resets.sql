-- +goose Up
-- Addresses of whose accounts somebody has forgotten the password; a worker
-- looks up whether there are such accounts, and writes to their owners.
CREATE TABLE password_reset_requests (
    address_hash VARCHAR(43)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    email        VARCHAR(254) NOT NULL,
    requested_at BIGINT       NOT NULL,
    KEY password_reset_requests_age (requested_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

-- What the links of those mails stand for, until they are used or expire.
CREATE TABLE password_resets (
    token_hash VARCHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    user_id    BIGINT      NOT NULL,
    expires_at BIGINT      NOT NULL,
    KEY password_resets_user (user_id),
    KEY password_resets_age (expires_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
