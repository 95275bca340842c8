package shopapi

// Limits of a cart and of an order.
const (
	MaxQuantity  = 1000 // copies of one book
	MaxCartLines = 100
)

// MaxDeliveryCost is what a provider may ask for one shipment, in minor units.
const MaxDeliveryCost = 100_000_000

// Limits of a commission rule.
const (
	MaxBasisPoints = 10_000     // all of the price
	MaxCommission  = 10_000_000 // its fixed part and its minimum, in minor units
)

// Limits of what is written, in characters.
const (
	MaxReason         = 500
	MinTrackingNumber = 5
	MaxTrackingNumber = 40
	MaxTrackingURL    = 300
	MaxProviderName   = 100
)

// Limits of an address, in characters.
const (
	MaxAddressName = 100
	MaxAddressLine = 200
	MaxCity        = 100
	MaxRegion      = 100
	MaxPostalCode  = 20
	MaxPhone       = 30
)
