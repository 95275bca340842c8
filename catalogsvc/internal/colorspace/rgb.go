package colorspace

import (
	"errors"
	"math"
)

// Primaries are the CIE x and y of a space's white, red, green and blue.
type Primaries struct{ White, Red, Green, Blue [2]float64 }

// d65 is daylight, the white of most screens.
var d65 = [2]float64{0.3127, 0.3290}

// Primaries of well-known spaces.
var (
	SRGBPrimaries      = Primaries{d65, [2]float64{0.64, 0.33}, [2]float64{0.30, 0.60}, [2]float64{0.15, 0.06}}
	DisplayP3Primaries = Primaries{d65, [2]float64{0.680, 0.320}, [2]float64{0.265, 0.690}, [2]float64{0.150, 0.060}}
	BT2020Primaries    = Primaries{d65, [2]float64{0.708, 0.292}, [2]float64{0.170, 0.797}, [2]float64{0.131, 0.046}}
)

var errPrimaries = errors.New("primaries that span no space")

// WithGamma returns the converter of a space of these primaries in which the
// light is the value's power of gamma; of gamma 0, in which it follows sRGB's
// curve. It returns an error if the primaries make no sense.
func (p Primaries) WithGamma(gamma float64) (*Converter, error) {
	if !p.valid() || gamma < 0 || gamma > 10 {
		return nil, errPrimaries
	}
	curve := decode
	if gamma > 0 {
		curve = func(v float64) float64 { return math.Pow(v, gamma) }
	}
	return fromMatrix([3]func(float64) float64{curve, curve, curve}, p.matrix()), nil
}

// fromMatrix is a space whose light is that of three primaries together.
func fromMatrix(curves [3]func(float64) float64, toXYZ matrix) *Converter {
	return &Converter{channels: 3, toXYZ: func(in [4]float64) [3]float64 {
		return toXYZ.times([3]float64{curves[0](in[0]), curves[1](in[1]), curves[2](in[2])})
	}}
}

func (p Primaries) valid() bool {
	for _, c := range [][2]float64{p.White, p.Red, p.Green, p.Blue} {
		if !(c[0] >= 0 && c[0] <= 1 && c[1] > 0.01 && c[1] <= 1) {
			return false
		}
	}
	return math.Abs(p.unscaled().determinant()) > 1e-3
}

// Near reports whether p and o look the same.
func (p Primaries) Near(o Primaries) bool {
	for _, pair := range [][2][2]float64{{p.White, o.White}, {p.Red, o.Red}, {p.Green, o.Green}, {p.Blue, o.Blue}} {
		if math.Abs(pair[0][0]-pair[1][0]) > 0.002 || math.Abs(pair[0][1]-pair[1][1]) > 0.002 {
			return false
		}
	}
	return true
}

// unscaled has the primaries' XYZ as its columns, each as bright as the other.
func (p Primaries) unscaled() (m matrix) {
	for column, c := range [][2]float64{p.Red, p.Green, p.Blue} {
		for row, v := range xyz(c) {
			m[row][column] = v
		}
	}
	return m
}

// matrix leads from the light of the primaries to XYZ, seen under D50.
func (p Primaries) matrix() matrix {
	m, white := p.unscaled(), xyz(p.White)
	for column, brightness := range m.inverse().times(white) {
		for row := range 3 {
			m[row][column] *= brightness
		}
	}
	return adaptation(white).timesMatrix(m)
}

// xyz returns the XYZ of x and y, as bright as white is.
func xyz(c [2]float64) [3]float64 {
	return [3]float64{c[0] / c[1], 1, (1 - c[0] - c[1]) / c[1]}
}

// bradford leads from XYZ to what the eye's cones see.
var bradford = matrix{{0.8951, 0.2664, -0.1614}, {-0.7502, 1.7135, 0.0367}, {0.0389, -0.0685, 1.0296}}

// adaptation turns colours seen under white into how they look under D50.
func adaptation(white [3]float64) matrix {
	from, to := bradford.times(white), bradford.times(d50)
	var scale matrix
	for i := range 3 {
		scale[i][i] = to[i] / from[i]
	}
	return bradford.inverse().timesMatrix(scale).timesMatrix(bradford)
}
