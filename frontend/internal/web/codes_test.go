package web

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bookstore/frontend/internal/i18n"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
)

// sources is where backends write their codes down.
var sources = []string{"authsvc", "catalogsvc", "shopsvc", "shared"}

// Where codes stand in the code: those of refusals, of events and payments, and
// of fields.
var (
	refusalCode = regexp.MustCompile(`apierr\.New\(apierr\.\w+, "(\w+)"`)
	reasonCode  = regexp.MustCompile(`\b(?:Reason|Declined)[A-Z]\w* += "(\w+)"`)
	fieldCodes  = []*regexp.Regexp{
		regexp.MustCompile(`apierr\.Field\([^,]+, "(\w+)"`),
		regexp.MustCompile(`apierr\.FieldError{[^}]*Code: *"(\w+)"`),
		regexp.MustCompile(`\b[cC]ode[A-Z]\w* += "(\w+)"`),
		regexp.MustCompile(`{"[^"]+", "([a-z_]+)", (?:""|"min"|"max"|"step"|propertyParam)},`), // the rules of validation
	}
)

// saidByKind are refusals about which the page of their kind says enough.
var saidByKind = []string{
	"internal", "unavailable", "not_found", "forbidden", "method_not_allowed",
	"malformed_body", "unsupported_media_type", "body_too_large",
	"unauthenticated", "session_ended", // lead to the login page
}

// neverShown are refusals that no page can cause, or that a page answers
// otherwise.
var neverShown = []string{
	"reservation_not_found", "reservation_released", "reservation_committed", "reservation_held",
	"reservation_differs", "restock_too_large", // said by one service to another
	"cover_not_found",   // said to an image
	"bad_signature",     // said to the payment gateway
	"session_not_found", // ended already is as good
	"refund_too_large",  // said with the amount
}

func TestEveryCodeOfTheBackendsHasASentence(t *testing.T) {
	refusals, fields := codesOfBackends(t, refusalCode), codesOfBackends(t, fieldCodes...)
	for _, want := range []string{"not_your_book", "too_many_attempts", "payment_state", "cart_full"} {
		if !slices.Contains(refusals, want) {
			t.Fatalf("%s is not among the codes found: %v", want, refusals)
		}
	}
	for _, want := range []string{"required", "too_short", "bad_isbn", "email_taken", "provider_unavailable", "price_changed"} {
		if !slices.Contains(fields, want) {
			t.Fatalf("%s is not among the codes of fields found: %v", want, fields)
		}
	}
	for _, lang := range i18n.Languages {
		words := i18n.For(lang)
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

// codesOfBackends finds codes in the source of the backends.
func codesOfBackends(t *testing.T, patterns ...*regexp.Regexp) []string {
	t.Helper()
	var codes []string
	for _, folder := range sources {
		err := filepath.WalkDir(filepath.Join("..", "..", "..", folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			text, err := os.ReadFile(path)
			for _, pattern := range patterns {
				for _, m := range pattern.FindAllStringSubmatch(string(text), -1) {
					codes = append(codes, m[1])
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return codes
}

func TestTooManyAttemptsSayHowLongToWait(t *testing.T) {
	for seconds, want := range map[float64]string{1: "Wait a minute", 60: "Wait a minute", 61: "Wait 2 minutes", 600: "Wait 10 minutes"} {
		e := apierr.New(apierr.KindRateLimited, "too_many_attempts").With("retry_after", seconds)
		if got := sentence(i18n.For("en"), e); !strings.Contains(got, want) {
			t.Errorf("%g seconds: got %q, want %q in it", seconds, got, want)
		}
	}
}

func TestEveryCodeOfABookOrAnAccountHasAWord(t *testing.T) {
	for _, lang := range i18n.Languages {
		for prefix, codes := range map[string][]string{
			"condition.":      catalogapi.Conditions,
			"condition_note.": catalogapi.Conditions,
			"role.":           {"buyer", "seller", "admin"},
			"status.":         {"active", "suspended"},
			"language.":       i18n.Languages,
		} {
			for _, code := range codes {
				if !i18n.For(lang).Has(prefix + code) {
					t.Errorf("%s: no word for %s%s", lang, prefix, code)
				}
			}
		}
	}
}
