-- +goose Up
CREATE TABLE users (
    id            BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    email         VARCHAR(254) NOT NULL,
    email_key     VARCHAR(254) NOT NULL,
    name          VARCHAR(100) NOT NULL,
    name_key      VARCHAR(100) NOT NULL,
    seller_name   VARCHAR(100) NOT NULL DEFAULT '',
    role          VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (role IN ('buyer', 'seller', 'admin')),
    status        VARCHAR(10)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL CHECK (status IN ('active', 'suspended')),
    password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at    BIGINT       NOT NULL,
    last_login_at BIGINT       NOT NULL,
    UNIQUE KEY users_email_key (email_key),
    KEY users_role (role, id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE sessions (
    id           VARCHAR(36)  NOT NULL PRIMARY KEY,
    user_id      BIGINT       NOT NULL,
    refresh_hash VARCHAR(43)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    user_agent   VARCHAR(255) NOT NULL,
    created_at   BIGINT       NOT NULL,
    last_used_at BIGINT       NOT NULL,
    UNIQUE KEY sessions_refresh_hash (refresh_hash),
    KEY sessions_user (user_id, last_used_at),
    KEY sessions_last_used (last_used_at),
    CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE revocations (
    session_id VARCHAR(36) NOT NULL PRIMARY KEY,
    revoked_at BIGINT      NOT NULL,
    KEY revocations_revoked_at (revoked_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

CREATE TABLE login_failures (
    address_hash VARCHAR(43) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    failures     INT         NOT NULL CHECK (failures > 0),
    began_at     BIGINT      NOT NULL,
    KEY login_failures_began_at (began_at)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;
