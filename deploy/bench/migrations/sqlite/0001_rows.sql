-- +goose Up
CREATE TABLE bare_rows (
    id   INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    body TEXT    NOT NULL
);
