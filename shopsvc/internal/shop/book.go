package shop

// Book is a listing as the catalog has it now.
type Book struct {
	ID         int64
	Title      string
	Authors    []string
	Condition  string
	Cover      string // key of its picture; empty: there is none
	SellerID   int64
	SellerName string
	Price      int64 // minor units, each
	Stock      int64 // copies that can be bought
}
