package shoptest

import "bookstore/shared/shopapi"

// The sandbox's test cards, as package sandbox of shopsvc describes them.
const (
	CardPays           = "4242424242424242"
	CardDeclined       = "4000000000000002"
	CardSecondTry      = "4000000000000119"
	CardLate           = "4000000000000259"
	CardLateCharged    = "4000000000003220"
	CardLateDeclined   = "4000000000003063"
	CardCaptureRefused = "4000000000000341"
)

// NewCard returns the details of a test card.
func NewCard(number string) *shopapi.Card {
	return &shopapi.Card{Number: number, ExpMonth: 12, ExpYear: 2099, CVC: "123"}
}
