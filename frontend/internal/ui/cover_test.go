package ui_test

import (
	"encoding/xml"
	"net/url"
	"strings"
	"testing"

	"bookstore/assets/cover"
	"bookstore/frontend/internal/ui"

	"github.com/PuerkitoBio/goquery"
)

func TestADrawnCoverStandsInThePageWhole(t *testing.T) {
	for range 2 { // drawn, and remembered
		for title, author := range map[string]string{
			"Dracula": "Bram Stoker", `100% "C#" <&> it's`: "José\nPeña", "": "", "Война и мир": "Лев Толстой",
		} {
			var page strings.Builder
			if err := ui.CoverImage("", ui.Cover{Title: title, Authors: []string{author}}, "").Render(t.Context(), &page); err != nil {
				t.Fatal(err)
			}
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(page.String()))
			if err != nil {
				t.Fatal(err)
			}
			kind, drawn, _ := strings.Cut(doc.Find("img").AttrOr("src", ""), ",")
			svg, err := url.PathUnescape(drawn)
			if err != nil || kind != "data:image/svg+xml" || svg != string(cover.SVG(title, author)) {
				t.Errorf("%q: got %s, %v", title, svg, err)
			}
			if err := xml.Unmarshal([]byte(svg), new(struct{})); err != nil || strings.ContainsAny(drawn, "#\"<>\n") {
				t.Errorf("%q: %s, %v", title, drawn, err)
			}
		}
	}
}
