-- +goose Up
-- authsvc's latest word on who sells; an older one changes nothing. Whoever is
-- not here may sell: their tokens say so.
CREATE TABLE sellers (
  id         BIGINT  NOT NULL PRIMARY KEY,
  may_sell   TINYINT NOT NULL,
  version    BIGINT  NOT NULL,
  updated_at BIGINT  NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
