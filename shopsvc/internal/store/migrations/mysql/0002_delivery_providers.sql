-- +goose Up

-- cost is in minor units of the shop's currency.
CREATE TABLE delivery_providers (
    id       BIGINT       NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name     VARCHAR(100) NOT NULL,
    coverage VARCHAR(13)  CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    cost     BIGINT       NOT NULL,
    active   BOOLEAN      NOT NULL,
    UNIQUE KEY delivery_providers_name (name),
    CONSTRAINT delivery_providers_coverage CHECK (coverage IN ('national', 'international')),
    CONSTRAINT delivery_providers_cost CHECK (cost >= 0)
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_bin;

INSERT INTO delivery_providers (name, coverage, cost, active) VALUES
    ('DHL', 'international', 5000, TRUE),
    ('FedEx', 'international', 4500, TRUE),
    ('Envia', 'national', 2000, TRUE),
    ('Servientrega', 'national', 1500, TRUE);
