package site

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/i18n"
)

var words = i18n.MustLoad(Messages, ui.Messages)

func TestTooManyAttemptsSayHowLongToWait(t *testing.T) {
	for seconds, want := range map[float64]string{1: "Wait 1 second ", 90: "Wait 90 seconds", 91: "Wait 2 minutes", 600: "Wait 10 minutes"} {
		e := apierr.New(apierr.KindRateLimited, authapi.CodeTooManyAttempts).With("retry_after", seconds)
		if got := Sentence(words.For("en"), e); !strings.Contains(got, want) {
			t.Errorf("%g seconds: got %q, want %q in it", seconds, got, want)
		}
	}
}
func TestEachKindOfFailureHasItsPage(t *testing.T) {
	for kind := apierr.KindInternal; kind <= apierr.KindUnavailable; kind++ {
		if kind == apierr.KindUnauthenticated {
			continue // leads to the login page
		}
		for _, lang := range i18n.Languages {
			p := describe(words.For(lang), apierr.New(kind, "nobody_knows"))
			if p.Heading == "" || p.Text == "" || strings.HasPrefix(p.Heading, "problem.") || strings.HasPrefix(p.Text, "problem.") {
				t.Errorf("kind %d in %s: %+v", kind, lang, p)
			}
		}
	}
}

func TestNoSecretIsKept(t *testing.T) {
	files, err := filepath.Glob("../*/*.templ")
	if err != nil {
		t.Fatal(err)
	}
	secret := regexp.MustCompile(`ui\.Field\{Name: "(\w+)".*(?:Secret: true|Type: "password")`)
	found := url.Values{"email": {"ana@example.com"}}
	for _, file := range files {
		markup, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range secret.FindAllSubmatch(markup, -1) {
			found.Set(string(field[1]), "secret")
		}
	}
	if kept := withoutSecrets(found); len(found) < 5 || len(kept) != 1 {
		t.Errorf("of %v, %v would be kept", found, kept)
	}
}

func TestAFlashSaysOnlyWhatIsOurs(t *testing.T) {
	flashes := i18n.MustLoad(fstest.MapFS{"messages/en/account.json": {Data: []byte(`{"flash.profile_saved": "Saved."}`)}})
	for value, shown := range map[string]bool{
		"success:profile_saved": true, "evil:profile_saved": false, "success:nothing": false, "success:": false, "<b>": false,
	} {
		r, _ := http.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(&http.Cookie{Name: flashCookie, Value: value})
		if got := readFlash(r, flashes.For("en")); (got != nil) != shown {
			t.Errorf("%q shows %v", value, got)
		}
	}
}
