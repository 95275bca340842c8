package web_test

import (
	"slices"
	"testing"

	"bookstore/frontend/internal/web"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/i18n"
	"bookstore/shared/shopapi"
	"bookstore/shared/token"
)

// saidByKind are refusals about which the page of their kind says enough.
var saidByKind = []string{
	apierr.CodeInternal, apierr.CodeUnavailable, apierr.CodeNotFound, apierr.CodeForbidden,
	apierr.CodeMethodNotAllowed, apierr.CodeConflict, apierr.CodeMalformedRequest, apierr.CodeMalformedBody,
	apierr.CodeUnsupportedMediaType, apierr.CodeBodyTooLarge, apierr.CodeRateLimited,
	apierr.CodeUnauthenticated, authapi.CodeSessionEnded, // lead to the login page
	apierr.CodeInvalid, // its fields say what
}

// neverShown are refusals that no page can cause, or that a page answers
// otherwise.
var neverShown = []string{
	catalogapi.CodeReservationNotFound, catalogapi.CodeReservationReleased, catalogapi.CodeReservationCommitted,
	catalogapi.CodeReservationHeld, catalogapi.CodeReservationDiffers, catalogapi.CodeRestockTooLarge, // said by one service to another
	catalogapi.CodeCoverNotFound, // said to an image
	shopapi.CodeBadSignature,     // said to the payment gateway
	authapi.CodeSessionNotFound,  // ended already is as good
	shopapi.CodeRefundTooLarge,   // said with the amount
	apierr.CodeMailNotFound,      // no page asks for a single mail
}

func TestEveryCodeOfTheBackendsHasASentence(t *testing.T) {
	refusals := slices.Concat(apierr.Codes, authapi.Codes, catalogapi.Codes, shopapi.Codes)
	fields := slices.Concat(apierr.FieldCodes, authapi.FieldCodes, catalogapi.FieldCodes, shopapi.FieldCodes)
	for _, lang := range i18n.Languages {
		words := web.Words(lang)
		for _, code := range refusals {
			if !words.Has("error."+code) && !slices.Contains(saidByKind, code) && !slices.Contains(neverShown, code) {
				t.Errorf("%s: no sentence for %s", lang, code)
			}
		}
		for _, code := range fields {
			if !words.Has("error.field."+code) && !words.Has("error."+code) && !words.Has("checkout.changed."+code) {
				t.Errorf("%s: no sentence for a field's %s", lang, code)
			}
		}
	}
}

func TestEveryCodeOfABookOrAnAccountHasAWord(t *testing.T) {
	for _, lang := range i18n.Languages {
		for prefix, codes := range map[string][]string{
			"condition.":      catalogapi.Conditions,
			"condition_note.": catalogapi.Conditions,
			"role.":           {string(token.Buyer), string(token.Seller), string(token.Admin)},
			"status.":         {authapi.StatusActive, authapi.StatusSuspended},
			"language.":       i18n.Languages,
		} {
			for _, code := range codes {
				if !web.Words(lang).Has(prefix + code) {
					t.Errorf("%s: no word for %s%s", lang, prefix, code)
				}
			}
		}
	}
}
