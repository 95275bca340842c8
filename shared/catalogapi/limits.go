package catalogapi

// Limits of a listing. Lengths are in characters, prices in minor units.
const (
	MaxTitle       = 300
	MaxAuthors     = 20
	MaxAuthor      = 200
	MaxDescription = 10_000
	MaxPublisher   = 200
	MaxSKU         = 64
	MinYear        = -3000
	MaxYear        = 2100
	MaxPrice       = 100_000_000
	MaxStock       = 100_000
)

// Limits of a reservation.
const (
	MaxLines      = 100
	MaxQuantity   = 1000 // copies of one book
	MaxRestockKey = 100  // characters
)
