package text

import (
	"errors"
	"net/mail"
	"strings"

	"golang.org/x/net/idna"
)

// ErrEmail says that a text is no e-mail address.
var ErrEmail = errors.New("not an e-mail address")

// MaxEmail is how long an address may be, as mail servers are given it.
const MaxEmail = 254

// domains reads the names of hosts: in any case, width and script, and in
// ASCII form ("xn--…").
var domains = idna.New(idna.MapForLookup(), idna.StrictDomainName(true), idna.VerifyDNSLength(true), idna.BidiRule())

// Email returns the e-mail address s as it is kept: tidied as Line does, in
// its owner's spelling. It returns ErrEmail unless mail can be sent there from
// anywhere: "ana@x" and "ana@localhost" are on nobody's network but one's own.
func Email(s string) (string, error) {
	email, domain, err := readEmail(s)
	if err != nil {
		return "", err
	}
	if dot := strings.LastIndexByte(domain, '.'); dot < 0 || isNumber(domain[dot+1:]) {
		return "", ErrEmail
	}
	return email, nil
}

// HostEmail is Email for an address that the operator of the shop sets: it may
// be on a host of the own network, such as "admin@localhost".
func HostEmail(s string) (string, error) {
	email, _, err := readEmail(s)
	return email, err
}

// readEmail returns a tidied address and its domain in ASCII form.
func readEmail(s string) (email, domain string, err error) {
	email = Line(s)
	parsed, err := mail.ParseAddress(email)
	if err != nil || parsed.Address != email { // "Ann <ann@example.org>" is more than an address
		return "", "", ErrEmail
	}
	local, host := splitEmail(email)
	domain, err = domains.ToASCII(host)
	if err != nil || strings.ContainsAny(local, " \"") || len(local)+1+len(domain) > MaxEmail {
		return "", "", ErrEmail
	}
	return email, domain, nil
}

// EmailKey returns what all spellings of one mailbox have in common: it is
// without case and composed, its domain in ASCII form. Of a text that is no
// address it returns what its spellings have in common as a line.
func EmailKey(s string) string {
	local, host := splitEmail(Line(s))
	domain, err := domains.ToASCII(host)
	if err != nil {
		domain = host
	}
	key := strings.ToLower(local)
	if domain != "" {
		key += "@" + strings.ToLower(domain)
	}
	return Line(key) // lower case may come apart
}

// SendableEmail returns an address with its domain in ASCII form, as every
// mail server takes it. It returns ErrEmail for what is no address.
func SendableEmail(s string) (string, error) {
	email, domain, err := readEmail(s)
	if err != nil {
		return "", err
	}
	local, _ := splitEmail(email)
	return local + "@" + domain, nil
}

// splitEmail returns what is before and after the last "@".
func splitEmail(s string) (local, host string) {
	at := strings.LastIndexByte(s, '@')
	if at < 0 {
		return s, ""
	}
	return s[:at], s[at+1:]
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }
