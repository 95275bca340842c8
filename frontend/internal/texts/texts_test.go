package texts_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bookstore/frontend/internal/texts"
	"bookstore/shared/i18n"
)

func folderOf(t *testing.T, files map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range files {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func TestEveryPageHasADefaultInEachLanguage(t *testing.T) {
	pages, err := texts.Load("")
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range i18n.Languages {
		for _, name := range texts.Names {
			if p := pages.Page(lang, name); p.Lang != lang || p.Title == "" || len(p.HTML) < 100 {
				t.Errorf("%s in %s: got %+v", name, lang, p)
			}
		}
	}
}

func TestWhatTheOperatorWritesTakesTheDefaultsPlace(t *testing.T) {
	pages, err := texts.Load(folderOf(t, map[string]string{
		"README.md": "not a page", "en/terms.md": "# Our terms\n\nPay *first*.", "es/help.md": "# Ayuda propia\n\nHola.",
	}))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ lang, name, title, wrote string }{
		{"en", texts.Terms, "Our terms", "en"},
		{"es", texts.Terms, "Our terms", "en"}, // rather than a default that says something else
		{"en", texts.Help, "Ayuda propia", "es"},
		{"es", texts.Privacy, "Privacidad", "es"},
	} {
		if p := pages.Page(c.lang, c.name); p.Title != c.title || p.Lang != c.wrote {
			t.Errorf("%s for %s: got %q in %s", c.name, c.lang, p.Title, p.Lang)
		}
	}
	if html := pages.Page("en", texts.Terms).HTML; !strings.Contains(html, "<em>first</em>") || strings.Contains(html, "Our terms") {
		t.Errorf("got %q", html)
	}
}

func TestPagesRunNothing(t *testing.T) {
	pages, err := texts.Load(folderOf(t, map[string]string{"en/help.md": "# Help\n\n<script>alert(1)</script>\n\n<b onclick=x>y</b>\n\n" +
		"[a](javascript:alert(1)) <https://books.example> https://books.example\n\n|a|\n|:-:|\n|b|\n"}))
	if err != nil {
		t.Fatal(err)
	}
	html := pages.Page("en", texts.Help).HTML
	for _, wrong := range []string{"<script", "onclick", "javascript:", "style="} {
		if strings.Contains(html, wrong) {
			t.Errorf("%s is in %s", wrong, html)
		}
	}
	if n := strings.Count(html, `href="https://books.example"`); n != 2 || !strings.Contains(html, "<table>") {
		t.Errorf("got %s", html)
	}
}

func TestAFileThatIsNoPageIsNamed(t *testing.T) {
	for file, content := range map[string]string{
		"en/hepl.md": "# Help", "fr/help.md": "# Aide", "en/help.md": "Help without a title", "es/terms.md": "# T\n" + strings.Repeat("x", 300<<10), "en/privacy.md": "",
	} {
		if _, err := texts.Load(folderOf(t, map[string]string{file: content})); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%s: got %v", file, err)
		}
	}
	if _, err := texts.Load(filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a folder that is not there is taken")
	}
}
