package authapi

// Limits of what is written about an account, in characters. Those of a password
// count it composed (NFC) and hold for new ones.
const (
	MinPassword = 10
	MaxPassword = 128
	MaxTyped    = 512 // of a password as it is typed: composed (NFC) it may be shorter
	MaxEmail    = 254
	MaxName     = 100 // of a person, and of a seller
)
