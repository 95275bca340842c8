package main

import (
	"fmt"
	"html"
	"strings"
)

// Measures of the chart, in pixels.
const (
	chartWidth = 860
	labelWidth = 330
	lineHeight = 22
)

// chart draws the ratios as bars, 1 being the yardstick, as SVG.
func (r *report) chart() string {
	var bars []result
	for _, row := range r.Results {
		if row.Ratio > 0 {
			bars = append(bars, row)
		}
	}
	height := (len(bars) + 3) * lineHeight
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="13">`+"\n", chartWidth, height)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="#fff"/><text x="10" y="18" font-weight="bold">Ratios to the yardsticks, %d books, %s</text>`+"\n", r.Books, r.Date.Format("2 January 2006"))
	at := func(ratio float64) float64 { return labelWidth + min(ratio, 2)*(chartWidth-labelWidth-90)/2 }
	for i, bar := range bars {
		y := (i + 2) * lineHeight
		fill := "#4a6fa5"
		if bar.Met != nil && !*bar.Met {
			fill = "#b5483a"
		}
		fmt.Fprintf(&b, `<text x="10" y="%d">%s</text>`, y, html.EscapeString(bar.Work+", "+bar.Database))
		fmt.Fprintf(&b, `<rect x="%d" y="%d" width="%.1f" height="14" fill="%s"/>`, labelWidth, y-11, at(bar.Ratio)-labelWidth, fill)
		fmt.Fprintf(&b, `<text x="%.1f" y="%d">%.2f, %s</text>`+"\n", at(bar.Ratio)+6, y, bar.Ratio, html.EscapeString(bar.Must))
	}
	fmt.Fprintf(&b, `<line x1="%.1f" x2="%.1f" y1="%d" y2="%d" stroke="#333" stroke-dasharray="3"/>`+"\n</svg>\n", at(1), at(1), lineHeight+6, height-lineHeight)
	return b.String()
}
