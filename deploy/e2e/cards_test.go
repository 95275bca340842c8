package e2e

import "bookstore/shared/shopapi"

// The sandbox's test cards, as package payment of shopsvc describes them.
const (
	cardPays           = "4242424242424242"
	cardDeclined       = "4000000000000002"
	cardSecondTry      = "4000000000000119"
	cardLate           = "4000000000000259"
	cardLateCharged    = "4000000000003220"
	cardLateDeclined   = "4000000000003063"
	cardCaptureRefused = "4000000000000341"
)

func newCard(number string) *shopapi.Card {
	card := testCard
	card.Number = number
	return &card
}
