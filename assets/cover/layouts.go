package cover

import (
	"fmt"
	"math"
	"strings"
	"unicode"
)

// layouts are the ways of making a jacket. Their order decides which book gets
// which: append only.
var layouts = []func(*canvas, book){
	classic, bands, initial, arches, stripes, tiles, sun, label, poster, branch, ridges, rings, harlequin, night,
}

// heading is a title with its subtitle below.
type heading struct {
	title, subtitle block
	gap             float64
}

// heading sets title and subtitle in a box of w × h, the title at most as large
// as largest.
func (b book) heading(f face, w, h, largest float64) heading {
	if b.subtitle == "" {
		return heading{title: fit(b.title, f, w, h, largest, 17)}
	}
	t := fit(b.title, f, w, h*0.66, largest, 17)
	s := fit(b.subtitle, italic, w, h*0.3, min(26, t.size*0.6), 13)
	return heading{title: t, subtitle: s, gap: h * 0.03}
}

func (h heading) height() float64 {
	return h.title.height() + h.gap + h.subtitle.height()
}

// heading draws h with its upper edge at y and returns where it ends.
func (c *canvas) heading(h heading, x, y float64, a anchor, colour string) float64 {
	c.text(h.title, x, y, a, colour)
	c.text(h.subtitle, x, y+h.title.height()+h.gap, a, colour)
	return y + h.height()
}

// authorAt sets the authors so that the last line ends at bottom.
func (b book) authorAt(c *canvas, f face, x, bottom, w float64, a anchor, colour string) {
	t := fit(b.author, f, w, 56, 23, 12)
	c.text(t, x, bottom-t.height(), a, colour)
}

// classic is typography in a double frame, with an ornament.
func classic(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	c.frame(24, 24, 352, 552, 3, p.Accent)
	c.frame(32, 32, 336, 536, 1, p.Accent)
	end := c.heading(b.heading(capitals, 292, 240, 52), 200, 84, middle, p.Ink)
	y := max(end+52, 330)
	ornament(c, 200, y, p.Accent)
	b.authorAt(c, italic, 200, 530, 280, middle, p.Ink)
}

// ornament is a lozenge between two tapering rules.
func ornament(c *canvas, x, y float64, colour string) {
	c.path(fmt.Sprintf("M%s %sl12 -12l12 12l-12 12z", num(x-12), num(y)), colour)
	for _, side := range []float64{-1, 1} {
		c.path(fmt.Sprintf("M%s %sl%s -2.5v5z", num(x+side*90), num(y), num(-side*66)), colour)
		c.circle(x+side*20, y, 2.5, colour)
	}
}

// bands is the paperback of three stripes, title in the light one.
func bands(c *canvas, b book) {
	p := b.palette
	top, bottom := 150.0, 400.0
	c.rect(0, 0, width, height, p.Ground)
	c.rect(0, top, width, bottom-top, p.Panel)
	c.rule(0, top+8, width, 1.5, p.PanelInk)
	c.rule(0, bottom-9.5, width, 1.5, p.PanelInk)
	h := b.heading(grotesque, inner, 200, 52)
	c.heading(h, 200, (top+bottom-h.height())/2, middle, p.PanelInk)
	emblem(c, 200, 75, p)
	b.authorAt(c, roman, 200, 530, inner, middle, p.Ink)
}

// emblem is a publisher's device: an open book in an oval.
func emblem(c *canvas, x, y float64, p palette) {
	c.printf(`<ellipse cx="%s" cy="%s" rx="62" ry="34" fill="%s"/>`, num(x), num(y), p.Panel)
	c.printf(`<g transform="translate(%s %s)" fill="%s">`, num(x), num(y), p.PanelInk)
	c.path("M-2 -10C-10 -16 -20 -16 -28 -13V11C-20 8 -10 8 -2 14z", p.PanelInk)
	c.path("M2 -10C10 -16 20 -16 28 -13V11C20 8 10 8 2 14z", p.PanelInk)
	c.printf(`</g>`)
}

// initial is the title's first letter, larger than the jacket.
func initial(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	if letter := firstLetter(b.title); letter != "" {
		big := block{lines: []string{letter}, size: min(470, 390/bold.measure(letter)), face: bold}
		c.text(big, 200, 394-0.86*big.size, middle, p.Second)
	} else {
		c.circle(200, 210, 150, p.Second)
	}
	c.rect(0, 384, width, 216, p.Ground)
	c.rule(margin, 384, inner, 3, p.Accent)
	c.heading(b.heading(roman, inner, 118, 42), margin, 402, left, p.Ink)
	b.authorAt(c, signageSmall, margin, 568, inner, left, p.Ink)
}

// signageSmall letters authors that stand under a large title.
var signageSmall = face{family: sansFonts, weight: 600, caps: true, spacing: 0.1, stretch: 1.08}

// firstLetter returns the first letter or digit of s in capitals, without an
// article before it.
func firstLetter(s string) string {
	for _, article := range []string{"The ", "A ", "An ", "El ", "La ", "Los ", "Las "} {
		if rest, found := strings.CutPrefix(s, article); found {
			s = rest
			break
		}
	}
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return string(unicode.ToUpper(r))
		}
	}
	return ""
}

// arches are gates within gates, rising from the foot.
func arches(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	colours := []string{p.Second, p.Accent, p.Panel, p.Second, p.Accent}
	for i, colour := range colours {
		r := 160 - float64(i)*30
		y := 360.0 + float64(i)*12
		c.path(fmt.Sprintf("M%s 600V%sa%s %s 0 0 1 %s 0V600z", num(200-r), num(y), num(r), num(r), num(2*r)), colour)
	}
	end := c.heading(b.heading(bold, inner, 116, 54), margin, 40, left, p.Ink)
	t := fit(b.author, roman, inner, 24, 20, 12)
	c.text(t, margin, end+10, left, p.Ink)
}

// stripes are a bookmaker's paper with a plate for the title.
func stripes(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	step := float64(22 + 8*b.dice.roll(3))
	slant := []float64{0, 200, -200}[b.dice.roll(3)]
	for x := -math.Abs(slant); x < width+math.Abs(slant); x += step * 2 {
		c.path(fmt.Sprintf("M%s 0h%sl%s 600h%sz", num(x+slant/2), num(step), num(-slant), num(-step)), p.Second)
		c.path(fmt.Sprintf("M%s 0h%sl%s 600h%sz", num(x+slant/2+step), num(step/4), num(-slant), num(-step/4)), p.Accent)
	}
	c.rect(48, 96, 304, 300, p.Panel)
	c.frame(57, 105, 286, 282, 1.5, p.PanelInk)
	h := b.heading(bold, 256, 184, 48)
	c.heading(h, 200, 216-h.height()/2, middle, p.PanelInk)
	c.rule(170, 322, 60, 2, p.PanelInk)
	t := fit(b.author, italic, 256, 50, 22, 12)
	c.text(t, 200, 355-t.height()/2, middle, p.PanelInk)
}

// tiles are quarter circles laid like a floor.
func tiles(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	const side = 80.0
	turns := []string{"M0 0H80A80 80 0 0 1 0 80z", "M80 0V80A80 80 0 0 1 0 0z", "M80 80H0A80 80 0 0 1 80 0z", "M0 80V0A80 80 0 0 1 80 80z"}
	grounds := []string{p.Second, p.Ground, p.Accent, p.Panel}
	shapes := []string{p.Accent, p.Panel, p.Second, p.Accent}
	for row := range 4 {
		for column := range 5 {
			pick := b.dice.roll(4)
			c.printf(`<g transform="translate(%s %s)">`, num(float64(column)*side), num(float64(row)*side))
			c.rect(0, 0, side, side, grounds[pick])
			c.path(turns[b.dice.roll(4)], shapes[pick])
			c.printf(`</g>`)
		}
	}
	c.heading(b.heading(grotesque, inner, 150, 54), margin, 346, left, p.Ink)
	b.authorAt(c, roman, margin, 568, inner, left, p.Ink)
}

// sun is a disc over the lines of a sea.
func sun(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	x, r := b.dice.between(140, 260), b.dice.between(88, 116)
	c.circle(x, 372, r, p.Accent)
	c.rect(0, 392, width, 208, p.Second)
	for i := range 6 {
		y := 408 + float64(i)*i2
		half := r * (1 - float64(i)*0.13)
		c.rule(x-half+float64(b.dice.roll(30))-15, y, half*2, 7-float64(i)*0.8, p.Accent)
	}
	c.heading(b.heading(roman, inner, 200, 66), margin, 38, left, p.Ink)
	c.rect(0, 528, width, 72, p.Panel)
	t := fit(b.author, signageSmall, inner, 44, 17, 11)
	c.text(t, margin, 564-t.height()/2, left, p.PanelInk)
}

// i2 is the distance of the reflections in sun.
const i2 = 19.0

// label is a cloth binding with a paper label.
func label(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	c.printf(`<pattern id="cloth" width="6" height="6" patternUnits="userSpaceOnUse">` +
		`<path d="M0 1.5h3M3 4.5h3" stroke="#000" stroke-opacity=".13"/><path d="M1.5 3v3M4.5 0v3" stroke="#fff" stroke-opacity=".1"/></pattern>`)
	c.rect(0, 0, width, height, "url(#cloth)")
	c.rect(72, 84, 256, 204, p.Panel)
	c.frame(80, 92, 240, 188, 2.5, p.PanelInk)
	c.frame(85, 97, 230, 178, 1, p.PanelInk)
	h := b.heading(capitals, 206, 108, 34)
	c.heading(h, 200, 162-h.height()/2, middle, p.PanelInk)
	t := fit(b.author, italic, 206, 42, 20, 11)
	c.text(t, 200, 266-t.height(), middle, p.PanelInk)
	c.ring(200, 470, 34, 2, p.Accent)
	c.printf(`<g transform="translate(200 471)">`)
	c.path("M0 -24L6 -6L24 0L6 6L0 24L-6 6L-24 0L-6 -6z", p.Accent)
	c.printf(`</g>`)
}

// poster is the title as large as the jacket allows.
func poster(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	c.rule(margin, 40, inner, 10, p.Accent)
	t := fit(b.author, signageSmall, inner, 44, 17, 11)
	c.text(t, margin, 66, left, p.Ink)
	end := c.heading(b.heading(grotesque, inner, 330, 84), margin, 126, left, p.Ink)
	if end < 365 {
		corner := b.dice.roll(3)
		switch corner {
		case 0:
			c.circle(300, 500, 130, p.Accent)
			c.circle(300, 500, 62, p.Second)
		case 1:
			c.path("M400 400V600H120z", p.Accent)
			c.path("M400 500V600H260z", p.Second)
		default:
			c.rect(40, 470, 100, 130, p.Accent)
			c.rect(150, 510, 100, 90, p.Second)
			c.rect(260, 440, 100, 160, p.Panel)
		}
		return
	}
	c.rule(margin, 550, inner, 10, p.Accent)
}

// branch is a stem with leaves, as on a book of nature.
func branch(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	c.frame(18, 18, 364, 564, 2, p.Second)
	c.stroke("M200 580C190 500 216 430 200 306", p.Accent, 4)
	for i := range 7 {
		y := 552 - float64(i)*36
		long := 104 - float64(i)*9
		for _, side := range []float64{-1, 1} {
			colour := p.Accent
			if (i+int(side+1)/2)%2 == 0 {
				colour = p.Second
			}
			tilt := b.dice.between(26, 42)
			c.printf(`<g transform="translate(%s %s) scale(%s 1) rotate(%s)">`, num(200), num(y), num(side), num(-tilt))
			c.path(fmt.Sprintf("M0 0C%s -26 %s -22 %s 0C%s 22 %s 26 0 0z", num(long*0.3), num(long*0.75), num(long), num(long*0.75), num(long*0.3)), colour)
			c.printf(`</g>`)
		}
	}
	c.circle(200, 300, 9, p.Accent)
	end := c.heading(b.heading(roman, 300, 150, 58), 200, 50, middle, p.Ink)
	t := fit(b.author, capitals, 300, 40, 17, 11)
	c.text(t, 200, end+16, middle, p.Ink)
}

// ridges are hills behind hills.
func ridges(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	c.circle(b.dice.between(90, 310), 300, 44, p.Accent)
	for i, colour := range []string{p.Second, p.Accent, p.Panel} {
		base := 350 + float64(i)*66
		phase, wave := b.dice.between(0, 6), b.dice.between(55, 95)
		var d strings.Builder
		d.WriteString("M0 600")
		for x := 0.0; x <= width; x += 10 {
			y := base - 26*math.Sin(phase+x/wave) - 9*math.Sin(2*phase+x/wave*2.7)
			fmt.Fprintf(&d, "L%s %s", num(x), num(y))
		}
		c.path(d.String()+"V600z", colour)
	}
	c.rect(0, 516, width, 84, p.Panel)
	c.heading(b.heading(bold, inner, 196, 60), margin, 40, left, p.Ink)
	t := fit(b.author, roman, inner, 46, 22, 12)
	c.text(t, margin, 558-t.height()/2, left, p.PanelInk)
}

// rings are circles that spread from one point.
func rings(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	x, y := b.dice.between(120, 280), b.dice.between(380, 440)
	for i := range 7 {
		colour := p.Second
		if i%3 == 1 {
			colour = p.Accent
		}
		c.ring(x, y, 20+float64(i)*28, 9, colour)
	}
	c.circle(x, y, 9, p.Accent)
	c.rect(0, 0, width, 214, p.Panel)
	c.heading(b.heading(roman, inner, 128, 58), margin, 30, left, p.PanelInk)
	t := fit(b.author, signageSmall, inner, 34, 15, 11)
	c.text(t, margin, 198-t.height(), left, p.PanelInk)
}

// harlequin is a lattice of lozenges under a plain upper half.
func harlequin(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	colours := []string{p.Accent, p.Second, p.Panel}
	shift := b.dice.roll(3)
	for row := range 7 {
		for column := range 6 {
			x := float64(column)*80 - float64(row%2)*40
			y := 300 + float64(row)*50
			c.path(fmt.Sprintf("M%s %sl40 50l-40 50l-40 -50z", num(x), num(y-50)), colours[(column+row/2+row*shift)%3])
		}
	}
	c.rect(0, 0, width, 254, p.Ground)
	c.rule(0, 254, width, 5, p.Accent)
	end := c.heading(b.heading(roman, inner, 150, 58), margin, 36, left, p.Ink)
	t := fit(b.author, signageSmall, inner, 40, 16, 11)
	c.text(t, margin, end+12, left, p.Ink)
}

// night is a crescent among stars.
func night(c *canvas, b book) {
	p := b.palette
	c.rect(0, 0, width, height, p.Ground)
	for range 46 {
		c.circle(b.dice.between(24, 376), b.dice.between(20, 330), b.dice.between(0.8, 2.6), p.Accent)
	}
	x := b.dice.between(150, 250)
	c.circle(x, 176, 92, p.Accent)
	c.circle(x+36, 158, 82, p.Ground)
	c.rect(0, 346, width, 254, p.Panel)
	c.rule(0, 346, width, 6, p.Second)
	h := b.heading(bold, inner, 138, 52)
	c.heading(h, 200, 436-h.height()/2, middle, p.PanelInk)
	b.authorAt(c, italic, 200, 572, inner, middle, p.PanelInk)
}
