-- +goose Up

-- The page on which a carrier shows where a parcel is, with {number} for the
-- parcel's; for a shipment, the page of this parcel. Empty if there is none.
ALTER TABLE delivery_providers ADD COLUMN tracking_url VARCHAR(300) NOT NULL DEFAULT '';
ALTER TABLE shipments ADD COLUMN tracking_url VARCHAR(500) NOT NULL DEFAULT '';
UPDATE delivery_providers SET tracking_url = 'https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}' WHERE name = 'DHL';
UPDATE delivery_providers SET tracking_url = 'https://www.fedex.com/fedextrack/?trknbr={number}' WHERE name = 'FedEx';
