-- +goose Up
CREATE TABLE bare_rows (
    id   BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    body VARCHAR(500) NOT NULL
);
