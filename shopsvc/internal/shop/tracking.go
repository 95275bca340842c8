package shop

import (
	"net/url"
	"strings"
	"unicode/utf8"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
	"bookstore/shared/text"
)

// checkTrackingNumber returns a tracking number tidied. It has letters and
// digits, of which one at least is a digit, with blanks, hyphens, dots and
// slashes between them.
func checkTrackingNumber(number string) (string, error) {
	const field = "tracking_number"
	number = text.Line(number)
	switch length := utf8.RuneCountInString(number); {
	case length == 0:
		return "", apierr.Field(field, apierr.CodeRequired)
	case length < shopapi.MinTrackingNumber:
		return "", apierr.Field(field, apierr.CodeTooShort, "min", shopapi.MinTrackingNumber)
	case length > shopapi.MaxTrackingNumber:
		return "", apierr.Field(field, apierr.CodeTooLong, "max", shopapi.MaxTrackingNumber)
	case strings.Trim(number, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz -./") != "",
		!strings.ContainsAny(number, "0123456789"):
		return "", apierr.Field(field, apierr.CodeBadFormat)
	}
	return number, nil
}

// knownCarriers are the pages on which well-known carriers show where a parcel
// is, by their names in lower case.
var knownCarriers = map[string]string{
	"australia post": "https://auspost.com.au/mypost/track/details/{number}",
	"canada post":    "https://www.canadapost-postescanada.ca/track-reperage/en#/search?searchFor={number}",
	"correos":        "https://www.correos.es/es/es/herramientas/localizador/envios/detalle?tracking-number={number}",
	"dhl":            "https://www.dhl.com/global-en/home/tracking.html?tracking-id={number}",
	"fedex":          "https://www.fedex.com/fedextrack/?trknbr={number}",
	"gls":            "https://gls-group.eu/track/{number}",
	"la poste":       "https://www.laposte.fr/outils/suivre-vos-envois?code={number}",
	"royal mail":     "https://www.royalmail.com/track-your-item#/tracking-results/{number}",
	"ups":            "https://www.ups.com/track?tracknum={number}",
	"usps":           "https://tools.usps.com/go/TrackConfirmAction?tLabels={number}",
}

// checkTrackingURL returns the address of a carrier's page, in which
// shopapi.TrackingNumberInURL stands for the number; empty if there is none.
func checkTrackingURL(address string) (string, error) {
	const field = "tracking_url"
	address = text.Line(address)
	if address == "" {
		return "", nil
	}
	one, err := url.Parse(trackingLink(address, "1"))
	if err == nil && utf8.RuneCountInString(address) > shopapi.MaxTrackingURL {
		return "", apierr.Field(field, apierr.CodeTooLong, "max", shopapi.MaxTrackingURL)
	}
	if err != nil || one.Scheme != "https" || one.Host == "" || one.User != nil || strings.ContainsAny(address, " \\\"<>") ||
		strings.Count(address, shopapi.TrackingNumberInURL) != 1 || !strings.HasPrefix(address, "https://"+one.Host) {
		return "", apierr.Field(field, apierr.CodeBadFormat)
	}
	return address, nil
}

// trackingLink returns the carrier's page for a parcel, or nothing if the
// carrier has none.
func trackingLink(trackingURL, number string) string {
	escaped := url.PathEscape(strings.ReplaceAll(number, " ", ""))
	return strings.Replace(trackingURL, shopapi.TrackingNumberInURL, escaped, 1)
}
