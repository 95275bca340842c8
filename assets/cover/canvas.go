package cover

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
)

// canvas writes the elements of an SVG document.
type canvas struct {
	buf bytes.Buffer
}

func (c *canvas) printf(format string, args ...any) {
	fmt.Fprintf(&c.buf, format, args...)
}

func (c *canvas) begin(title string) {
	c.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 600" width="400" height="600" role="img">`)
	c.printf(`<title>%s</title>`, escape(title))
}

// end closes the document with the hollow that a binding leaves along the spine.
func (c *canvas) end() {
	c.printf(`<linearGradient id="spine"><stop offset="0" stop-color="#000" stop-opacity=".3"/>` +
		`<stop offset=".35" stop-color="#fff" stop-opacity=".16"/><stop offset=".6" stop-color="#000" stop-opacity=".22"/>` +
		`<stop offset="1" stop-color="#000" stop-opacity="0"/></linearGradient>`)
	c.printf(`<rect width="26" height="600" fill="url(#spine)"/></svg>`)
}

func (c *canvas) rect(x, y, w, h float64, fill string) {
	c.printf(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`, num(x), num(y), num(w), num(h), fill)
}

// frame draws the outline of a rectangle.
func (c *canvas) frame(x, y, w, h, stroke float64, colour string) {
	c.printf(`<rect x="%s" y="%s" width="%s" height="%s" fill="none" stroke="%s" stroke-width="%s"/>`,
		num(x), num(y), num(w), num(h), colour, num(stroke))
}

func (c *canvas) rule(x, y, w, thickness float64, colour string) {
	c.rect(x, y, w, thickness, colour)
}

func (c *canvas) circle(x, y, r float64, fill string) {
	c.printf(`<circle cx="%s" cy="%s" r="%s" fill="%s"/>`, num(x), num(y), num(r), fill)
}

func (c *canvas) ring(x, y, r, stroke float64, colour string) {
	c.printf(`<circle cx="%s" cy="%s" r="%s" fill="none" stroke="%s" stroke-width="%s"/>`, num(x), num(y), num(r), colour, num(stroke))
}

func (c *canvas) path(d, fill string) {
	c.printf(`<path d="%s" fill="%s"/>`, d, fill)
}

func (c *canvas) stroke(d, colour string, thickness float64) {
	c.printf(`<path d="%s" fill="none" stroke="%s" stroke-width="%s" stroke-linecap="round"/>`, d, colour, num(thickness))
}

// anchor says where x is in a line of text.
type anchor string

const (
	left   anchor = "start"
	middle anchor = "middle"
)

// text sets a block with its upper edge at y.
func (c *canvas) text(b block, x, y float64, a anchor, colour string) {
	if len(b.lines) == 0 {
		return
	}
	c.printf(`<g font-family="%s" font-size="%s" font-weight="%d" text-anchor="%s" fill="%s"`,
		b.face.family, num(b.size), b.face.weight, a, colour)
	if b.face.italic {
		c.printf(` font-style="italic"`)
	}
	if b.face.spacing > 0 {
		c.printf(` letter-spacing="%s"`, num(b.face.spacing*b.size))
		if a == middle {
			x += b.face.spacing * b.size / 2 // the last character's space is no part of the picture
		}
	}
	c.printf(`>`)
	for i, line := range b.lines {
		baseline := y + (float64(i)*leading+0.86)*b.size
		c.printf(`<text x="%s" y="%s">%s</text>`, num(x), num(baseline), escape(line))
	}
	c.printf(`</g>`)
}

// num writes a coordinate with at most one decimal.
func num(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}

func escape(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err) // a strings.Builder never fails
	}
	return b.String()
}
