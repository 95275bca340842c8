package sandbox

import (
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"
)

// The sandbox's test cards. Any expiry in the future and any CVC will do.
const (
	CardPays           = "4242424242424242"
	CardDeclined       = "4000000000000002"
	CardNoFunds        = "4000000000009995"
	CardExpired        = "4000000000000069"
	CardWrongCVC       = "4000000000000127"
	CardSecondTry      = "4000000000000119" // processing_error, then pays the order's next attempt
	CardLate           = "4000000000000259" // decides long after the shop stopped waiting: pays
	CardLateCharged    = "4000000000003220" // charges at once, but its answer comes too late
	CardLateDeclined   = "4000000000003063" // decides long after the shop stopped waiting: declined
	CardCaptureRefused = "4000000000000341" // authorises, then refuses to be captured
)

// behaviour is what a test card does.
type behaviour struct {
	state          chargeState // at once
	late           chargeState // and later, if it takes its time
	reason         string
	answersLate    bool
	onlyFirstTime  bool // behaves like this at an order's first attempt, then pays
	refusesCapture bool
}

var pays = behaviour{state: stateAuthorised}

var behaviours = map[string]behaviour{
	CardPays:           pays,
	CardDeclined:       declines(shopapi.DeclinedCard),
	CardNoFunds:        declines(shopapi.DeclinedFunds),
	CardExpired:        declines(shopapi.DeclinedExpired),
	CardWrongCVC:       declines(shopapi.DeclinedCVC),
	CardSecondTry:      {state: stateDeclined, reason: shopapi.DeclinedProcessing, onlyFirstTime: true},
	CardLate:           {state: stateStarted, late: stateAuthorised, answersLate: true},
	CardLateCharged:    {state: stateAuthorised, answersLate: true},
	CardLateDeclined:   {state: stateStarted, late: stateDeclined, reason: shopapi.DeclinedCard, answersLate: true},
	CardCaptureRefused: {state: stateAuthorised, refusesCapture: true},
}

func declines(reason string) behaviour {
	return behaviour{state: stateDeclined, reason: reason}
}

// behaviourOf returns what the charge's card does; anything but a test card
// is declined, so that nobody types a real one twice.
func behaviourOf(c *shop.Card) behaviour {
	if c == nil {
		return declines(shopapi.DeclinedUnknownCard)
	}
	if b, ok := behaviours[c.Number]; ok {
		return b
	}
	return declines(shopapi.DeclinedUnknownCard)
}
