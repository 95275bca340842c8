// Package colorspace converts the colours of pictures to sRGB, which is what
// browsers take a picture for that says nothing of its colours.
//
// It reads what cameras, scanners and printers' programs embed: ICC profiles of
// grey, RGB and CMYK, made of curves and a matrix or of tables. Colours that
// sRGB lacks become the nearest that each channel can show. The rendering intent
// is the relative colorimetric one, without compensation of the black point.
package colorspace

import "math"

// Converter turns colours of one space into sRGB. It may be used by several
// goroutines at once.
type Converter struct {
	channels int
	// toXYZ returns the colour's XYZ under D50, the light that ICC profiles are
	// connected by. Channels reach from 0 to 1; unused ones are 0.
	toXYZ func([4]float64) [3]float64
	// toRGB, if it is there, returns sRGB itself, and stands for toXYZ.
	toRGB func([4]float64) [3]float64
}

// Channels returns how many channels a colour of the space has: 1 is grey, 3
// are red, green and blue, 4 are cyan, magenta, yellow and black, of which more
// is darker.
func (c *Converter) Channels() int { return c.channels }

// SRGB converts a colour. Channels past Channels are ignored.
func (c *Converter) SRGB(channels [4]uint8) (r, g, b uint8) {
	var in [4]float64
	for i := range c.channels {
		in[i] = float64(channels[i]) / 255
	}
	var out [3]float64
	if c.toRGB != nil {
		out = c.toRGB(in)
	} else {
		linear := fromXYZ.times(c.toXYZ(in))
		out = [3]float64{encode(linear[0]), encode(linear[1]), encode(linear[2])}
	}
	return level(out[0]), level(out[1]), level(out[2])
}

func level(v float64) uint8 { return uint8(clamp(v)*255 + 0.5) }

// clamp returns the nearest number from 0 to 1; what is none becomes 0.
func clamp(v float64) float64 {
	if v > 0 {
		return min(v, 1)
	}
	return 0
}

// encode applies the curve of sRGB to a share of the light.
func encode(linear float64) float64 {
	if linear <= 0.0031308 {
		return 12.92 * linear
	}
	return 1.055*math.Pow(linear, 1/2.4) - 0.055
}

// decode is the reverse of encode.
func decode(encoded float64) float64 {
	if encoded <= 0.04045 {
		return encoded / 12.92
	}
	return math.Pow((encoded+0.055)/1.055, 2.4)
}

// d50 is the white of the space that ICC profiles are connected by.
var d50 = [3]float64{0.9642, 1, 0.8249}

// fromXYZ leads from XYZ under D50 to the light of sRGB's red, green and blue.
var fromXYZ = SRGBPrimaries.matrix().inverse()

// fromLab returns the XYZ of a colour in CIE L*a*b*.
func fromLab(lab [3]float64) [3]float64 {
	const delta = 6.0 / 29
	root := func(t float64) float64 {
		if t > delta {
			return t * t * t
		}
		return 3 * delta * delta * (t - 4.0/29)
	}
	y := (lab[0] + 16) / 116
	return [3]float64{d50[0] * root(y+lab[1]/500), d50[1] * root(y), d50[2] * root(y-lab[2]/200)}
}
