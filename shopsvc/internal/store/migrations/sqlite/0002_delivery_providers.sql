-- +goose Up

-- cost is in minor units of the shop's currency.
CREATE TABLE delivery_providers (
    id       INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
    name     TEXT    NOT NULL UNIQUE,
    coverage TEXT    NOT NULL,
    cost     BIGINT  NOT NULL,
    active   BOOLEAN NOT NULL,
    CONSTRAINT delivery_providers_coverage CHECK (coverage IN ('national', 'international')),
    CONSTRAINT delivery_providers_cost CHECK (cost >= 0)
);

INSERT INTO delivery_providers (name, coverage, cost, active) VALUES
    ('DHL', 'international', 5000, TRUE),
    ('FedEx', 'international', 4500, TRUE),
    ('Envia', 'national', 2000, TRUE),
    ('Servientrega', 'national', 1500, TRUE);
