package audit

// Objects that admins and sellers change.
const (
	User             = "user"
	DeliveryProvider = "delivery_provider"
	CommissionRule   = "commission_rule"
)

// Objects lists the kinds of objects.
var Objects = []string{User, DeliveryProvider, CommissionRule}

// What is done to an object.
const (
	AccessChanged  = "access_changed" // an account's role or status
	SellingStarted = "selling_started"
	SellerRenamed  = "seller_renamed"
	Added          = "added"
	Changed        = "changed"
	Removed        = "removed"
)

// Actions lists what is done to objects.
var Actions = []string{AccessChanged, SellingStarted, SellerRenamed, Added, Changed, Removed}
