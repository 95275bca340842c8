package authapi

// Limits of what is written about an account, in characters.
const (
	MinPassword = 8
	MaxPassword = 128
	MaxEmail    = 254
	MaxName     = 100 // of a person, and of a seller
)
