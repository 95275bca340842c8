package selling

// ListingOrder is the order in which the faults of a listing are told.
var ListingOrder = listingOrder
