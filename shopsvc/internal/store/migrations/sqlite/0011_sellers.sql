-- +goose Up
-- authsvc's latest word on who sells; an older one changes nothing. Whoever is
-- not here may sell: their tokens say so.
CREATE TABLE sellers (
  id         INTEGER NOT NULL PRIMARY KEY,
  may_sell   INTEGER NOT NULL,
  version    INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
);
