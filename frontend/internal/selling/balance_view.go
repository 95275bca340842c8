package selling

import (
	"bookstore/shared/money"
	"bookstore/shared/shopapi"
)

// BalanceView is what the page of a seller's money shows.
type BalanceView struct {
	Balance shopapi.Balance
	Sales   []shopapi.Sale
	Next    string // address of the next page; "" on the last
}

// less returns an amount that is taken away, and nothing for none.
func less(m money.Money) money.Money {
	m.Amount = -m.Amount
	return m
}
