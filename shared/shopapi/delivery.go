package shopapi

import (
	"time"

	"bookstore/shared/money"
	"bookstore/shared/page"
)

// Coverages of a delivery provider. A national one serves addresses in the
// shop's own country, an international one serves all.
const (
	CoverageNational      = "national"
	CoverageInternational = "international"
)

// Address is where an order is delivered to. Which fields it needs depends on
// the country; see package address.
type Address struct {
	Name       string `json:"name" minLength:"1" maxLength:"100"`
	Line1      string `json:"line1" minLength:"1" maxLength:"200"`
	Line2      string `json:"line2,omitempty" maxLength:"200"`
	City       string `json:"city,omitempty" maxLength:"100"`
	Region     string `json:"region,omitempty" maxLength:"100"`
	PostalCode string `json:"postal_code,omitempty" maxLength:"20"`
	Country    string `json:"country" minLength:"2" maxLength:"2" doc:"ISO 3166-1 alpha-2, upper case"`
	Phone      string `json:"phone,omitempty" maxLength:"30"`
}

// DeliveryProvider is a carrier that buyers can choose for a shipment.
type DeliveryProvider struct {
	ID       int64       `json:"id"`
	Name     string      `json:"name"`
	Coverage string      `json:"coverage" enum:"national,international"`
	Cost     money.Money `json:"cost" doc:"of one shipment"`
	Active   bool        `json:"active" doc:"offered to buyers"`
	// TrackingURL is the page on which the carrier shows where a parcel is, with
	// TrackingNumberInURL for its number; empty if it has none.
	TrackingURL string `json:"tracking_url,omitempty"`
}

// TrackingNumberInURL is what stands in a provider's TrackingURL for a number.
const TrackingNumberInURL = "{number}"

// DeliveryProviderInput is what an admin says of a delivery provider.
type DeliveryProviderInput struct {
	Name     string `json:"name" minLength:"1" maxLength:"100"`
	Coverage string `json:"coverage" enum:"national,international"`
	Cost     int64  `json:"cost" minimum:"0" maximum:"100000000" doc:"minor units"`
	Active   bool   `json:"active"`
	// TrackingURL begins with https:// and has TrackingNumberInURL in it once.
	// Empty, the provider has none; without it, a change leaves what there is,
	// and a new provider gets that of the carrier of its name, if it is well known.
	TrackingURL *string `json:"tracking_url,omitempty" maxLength:"300"`
}

// DeliveryProviders lists providers by name, and the country that national
// ones serve (ISO 3166-1 alpha-2).
type DeliveryProviders struct {
	HomeCountry string             `json:"home_country"`
	Items       []DeliveryProvider `json:"items" nullable:"false"`
}

// DeliveryQuery asks for the cheapest delivery of each seller to a country.
type DeliveryQuery struct {
	Country   string  `query:"country" required:"true" minLength:"2" maxLength:"2" doc:"ISO 3166-1 alpha-2, upper case"`
	SellerIDs []int64 `query:"seller_ids" required:"true" minItems:"1" maxItems:"100"`
}

// DeliveryQuote is the cheapest way to have one parcel of a seller's sent.
type DeliveryQuote struct {
	SellerID     int64       `json:"seller_id"`
	ProviderID   int64       `json:"provider_id"`
	ProviderName string      `json:"provider_name"`
	Cost         money.Money `json:"cost" doc:"of the parcel"`
}

// DeliveryQuotes answers a DeliveryQuery. Sellers whom nobody serves there are
// left out.
type DeliveryQuotes struct {
	Country string          `json:"country"`
	Items   []DeliveryQuote `json:"items" nullable:"false"`
}

// States of a shipment.
const (
	ShipmentPending    = "pending"    // its order is not paid yet; sellers do not see it
	ShipmentNew        = "new"        // paid, waiting for the seller
	ShipmentAccepted   = "accepted"   // the seller prepares it
	ShipmentDispatched = "dispatched" // on its way
	ShipmentDelivered  = "delivered"
	ShipmentRejected   = "rejected"  // by the seller; refunded
	ShipmentCancelled  = "cancelled" // by the buyer, a deadline, or with its order
)

// ShipmentStates lists the states of a shipment.
var ShipmentStates = []string{
	ShipmentPending, ShipmentNew, ShipmentAccepted, ShipmentDispatched, ShipmentDelivered, ShipmentRejected, ShipmentCancelled,
}

// Shipment is the part of an order that one seller sends.
type Shipment struct {
	ID             string      `json:"id"`
	SellerID       int64       `json:"seller_id"`
	SellerName     string      `json:"seller_name"`
	State          string      `json:"state" enum:"pending,new,accepted,dispatched,delivered,rejected,cancelled"`
	ProviderID     int64       `json:"provider_id"`
	ProviderName   string      `json:"provider_name"`
	DeliveryCost   money.Money `json:"delivery_cost"`
	Lines          []OrderLine `json:"lines" nullable:"false"`
	Subtotal       money.Money `json:"subtotal" doc:"of its lines"`
	Total          money.Money `json:"total" doc:"lines and delivery"`
	TrackingNumber string      `json:"tracking_number,omitempty"`
	TrackingURL    string      `json:"tracking_url,omitempty" doc:"the carrier's page of this parcel"`
	RejectReason   string      `json:"reject_reason,omitempty" doc:"in the seller's own words"`
	Refunded       money.Money `json:"refunded" doc:"refunds of it, due and paid"`
	DueBy          *time.Time  `json:"due_by,omitempty" doc:"when it is cancelled and refunded unless its seller has accepted it (new) or sent it (accepted)"`
	DispatchedAt   *time.Time  `json:"dispatched_at,omitempty"`
	DeliveredAt    *time.Time  `json:"delivered_at,omitempty"`
}

// Sale is a shipment as its seller sees it.
type Sale struct {
	Shipment
	OrderID     string    `json:"order_id"`
	OrderNumber string    `json:"order_number"`
	Address     Address   `json:"address"`
	PaidAt      time.Time `json:"paid_at"`
	// Account is absent while it is not known, as for a moment of what an older
	// release has sold.
	Account *SaleAccount `json:"account,omitempty"`
	Events  []Event      `json:"events,omitempty" doc:"only of a single sale"`
}

// SaleQuery selects a seller's sales, the latest first.
type SaleQuery struct {
	State  string `query:"state" enum:"new,accepted,dispatched,delivered,rejected,cancelled"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"24"`
	Cursor string `query:"cursor" maxLength:"500"`
}

// Sales is one page of sales.
type Sales = page.Page[Sale]

// Dispatch says that a shipment is on its way.
type Dispatch struct {
	TrackingNumber string `json:"tracking_number" minLength:"1" maxLength:"40" doc:"5 to 40 letters and digits, one digit at least; blanks, hyphens, dots and slashes between them"`
}

// Reject says that the seller can't send a shipment. Restock tells whether the
// copies are there after all and may be sold again.
type Reject struct {
	Reason  string `json:"reason" minLength:"1" maxLength:"500"`
	Restock bool   `json:"restock,omitempty"`
}

// Seller is authsvc's word on who sells.
type Seller struct {
	MaySell bool  `json:"may_sell"`
	Version int64 `json:"version" minimum:"1" doc:"grows with each change; an older word changes nothing"`
}
