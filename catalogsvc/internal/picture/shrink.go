package picture

import (
	"image"
	"image/draw"

	"bookstore/catalogsvc/internal/colorspace"
)

// samples are the pixels of a small picture, of four bytes each: red, green,
// blue and how opaque it is, the colours multiplied by that; or four inks.
type samples struct {
	width, height int
	pix           []uint8
	inks          bool
	grey          bool // red, green and blue are the same
}

// shrink returns whole in a size that fits when it is upright. Each pixel is
// the average of those that it covers, so that nothing flickers however small
// it becomes, and no memory is needed but for a row.
func shrink(whole image.Image, turn orientation, most size) samples {
	from := whole.Bounds()
	width, height := most.width, most.height
	if turn.swapsSides() {
		width, height = height, width
	}
	scale := min(1, float64(width)/float64(from.Dx()), float64(height)/float64(from.Dy()))
	s := samples{width: scaled(from.Dx(), scale), height: scaled(from.Dy(), scale)}
	s.pix = make([]uint8, 4*s.width*s.height)
	_, s.inks = whole.(*image.CMYK)
	switch whole.(type) {
	case *image.Gray, *image.Gray16:
		s.grey = true
	}
	columns := shares(from.Dx(), s.width)
	rows := shares(from.Dy(), s.height)
	sums := make([]float32, 4*s.width)
	read := rowsOf(whole)
	for y := range from.Dy() {
		row := rows[y]
		addRow(sums, read(y), columns, row.first)
		if row.ends {
			s.setRow(row.to, sums)
			clear(sums)
		}
		if row.second > 0 {
			addRow(sums, read(y), columns, row.second)
		}
	}
	return s
}

func scaled(length int, scale float64) int { return max(1, int(float64(length)*scale+0.5)) }

// share says to which of fewer pixels one belongs, and with which part of it.
// One that lies across a border belongs to the next with the rest.
type share struct {
	to            int
	first, second float32
	ends          bool // nothing more belongs to to
}

// shares distributes from pixels over to of them, of which there are no more.
// What belongs to one adds up to 1.
func shares(from, to int) []share {
	all := make([]share, from)
	scale := float64(to) / float64(from)
	for i := range all {
		// By whole numbers, borders are where they are, without a rounding error.
		at, next := i*to/from, (i+1)*to/from
		all[i] = share{to: at, first: float32(scale), ends: next > at}
		if border := float64(next * from); next > at {
			all[i].first = float32((border/float64(to) - float64(i)) * scale)
			all[i].second = float32((float64(i+1) - border/float64(to)) * scale)
		}
	}
	all[from-1].second = 0
	return all
}

// addRow adds a row of pixels to the sums of those that they belong to.
func addRow(sums []float32, row []uint8, columns []share, weight float32) {
	var sum [4]float32 // of the pixels that belong to one
	for x, c := range columns {
		pixel := row[4*x : 4*x+4 : 4*x+4]
		values := [4]float32{float32(pixel[0]), float32(pixel[1]), float32(pixel[2]), float32(pixel[3])}
		for i, v := range values {
			sum[i] += v * c.first
		}
		if !c.ends {
			continue
		}
		to := sums[4*c.to : 4*c.to+4 : 4*c.to+4]
		for i, v := range sum {
			to[i] += v * weight
			sum[i] = values[i] * c.second
		}
	}
}

func (s samples) setRow(y int, sums []float32) {
	row := s.pix[4*y*s.width:]
	for i, sum := range sums {
		row[i] = uint8(min(sum+0.5, 255))
	}
}

// rowsOf returns what reads a row of a picture, as samples have it. Each row
// takes the place of the one before.
func rowsOf(whole image.Image) func(y int) []uint8 {
	from := whole.Bounds()
	if inks, ok := whole.(*image.CMYK); ok {
		return func(y int) []uint8 { return inks.Pix[inks.PixOffset(from.Min.X, from.Min.Y+y):] }
	}
	row := image.NewRGBA(image.Rect(0, 0, from.Dx(), 1))
	last := -1
	return func(y int) []uint8 {
		if y != last {
			draw.Draw(row, row.Rect, whole, image.Pt(from.Min.X, from.Min.Y+y), draw.Src)
			last = y
		}
		return row.Pix
	}
}

// inSRGB returns the picture on white, its colours converted. A converter that
// is not for these channels is not used: nil stands for sRGB, and for print if
// there are inks.
func (s samples) inSRGB(convert *colorspace.Converter) *image.RGBA {
	if convert != nil && !s.has(convert.Channels()) {
		convert = nil
	}
	if convert == nil && s.inks {
		convert = colorspace.Ink()
	}
	out := image.NewRGBA(image.Rect(0, 0, s.width, s.height))
	var last, became [4]uint8 // neighbours are often the same
	for i := 0; i < len(s.pix); i += 4 {
		pixel := [4]uint8(s.pix[i : i+4])
		if pixel != last || i == 0 {
			last, became = pixel, s.converted(pixel, convert)
		}
		copy(out.Pix[i:], became[:])
	}
	return out
}

func (s samples) has(channels int) bool {
	switch channels {
	case 1:
		return s.grey
	case 4:
		return s.inks
	}
	return !s.inks
}

func (s samples) converted(pixel [4]uint8, convert *colorspace.Converter) [4]uint8 {
	if s.inks {
		r, g, b := convert.SRGB(pixel)
		return [4]uint8{r, g, b, 255}
	}
	opaque := int(pixel[3])
	if opaque == 0 {
		return [4]uint8{255, 255, 255, 255}
	}
	if convert != nil {
		for i, v := range pixel[:3] {
			pixel[i] = uint8(min(255, (int(v)*255+opaque/2)/opaque))
		}
		pixel[0], pixel[1], pixel[2] = convert.SRGB(pixel)
		for i, v := range pixel[:3] {
			pixel[i] = uint8((int(v)*opaque + 127) / 255)
		}
	}
	for i, v := range pixel[:3] {
		pixel[i] = uint8(min(255, int(v)+255-opaque))
	}
	return [4]uint8{pixel[0], pixel[1], pixel[2], 255}
}
