package colorspace

import (
	"encoding/binary"
	"fmt"
	"math"
)

// curve leads from one number to another, each from 0 to 1.
type curve = func(float64) float64

// readCurve returns the curve at the beginning of data and its length in bytes.
func readCurve(data []byte) (curve, int, error) {
	if len(data) < 12 {
		return nil, 0, errShort
	}
	switch kind := string(data[:4]); kind {
	case "curv":
		return readTable(data)
	case "para":
		return readParameters(data)
	default:
		return nil, 0, fmt.Errorf("%w: a curve of type %q", errProfile, kind)
	}
}

// readTable reads curv: no values are the identity, one is a gamma, more are
// the curve's own.
func readTable(data []byte) (curve, int, error) {
	n := int(binary.BigEndian.Uint32(data[8:]))
	if n > maxTable || len(data) < 12+2*n {
		return nil, 0, errShort
	}
	switch n {
	case 0:
		return func(v float64) float64 { return v }, 12, nil
	case 1:
		gamma := float64(binary.BigEndian.Uint16(data[12:])) / 256
		return func(v float64) float64 { return math.Pow(clamp(v), gamma) }, 14, nil
	}
	return interpolated(words(data[12:], n)), 12 + 2*n, nil
}

// words reads n numbers of 16 bits as shares of 1.
func words(data []byte, n int) []float32 {
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(binary.BigEndian.Uint16(data[2*i:])) / 65535
	}
	return values
}

// octets reads n numbers of 8 bits as shares of 1.
func octets(data []byte, n int) []float32 {
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(data[i]) / 255
	}
	return values
}

// interpolated is the curve through values at equal distances, of which there
// are at least two.
func interpolated(values []float32) curve {
	return func(v float64) float64 {
		at := clamp(v) * float64(len(values)-1)
		i := min(int(at), len(values)-2)
		from, to := float64(values[i]), float64(values[i+1])
		return from + (to-from)*(at-float64(i))
	}
}

// readParameters reads para, a curve by its formula.
func readParameters(data []byte) (curve, int, error) {
	counts := [...]int{1, 3, 4, 5, 7}
	kind := int(binary.BigEndian.Uint16(data[8:]))
	if kind >= len(counts) || len(data) < 12+4*counts[kind] {
		return nil, 0, errShort
	}
	var p [7]float64
	for i := range counts[kind] {
		p[i] = fixed(data[12+4*i:])
	}
	return formula(kind, p), 12 + 4*counts[kind], nil
}

// formula is y = (ax+b)^g + e from x = d on, and y = cx + f below.
func formula(kind int, p [7]float64) curve {
	g, a, b, c, d, e, f := p[0], p[1], p[2], p[3], p[4], p[5], p[6]
	switch kind {
	case 0:
		a = 1
	case 1, 2: // flat below the point at which the power begins
		if a == 0 {
			a = 1e-6
		}
		c, d, e, f = 0, -b/a, p[3], p[3]
	}
	return func(x float64) float64 {
		if x < d {
			return c*x + f
		}
		return math.Pow(max(0, a*x+b), g) + e
	}
}

// fixed reads a number with 16 bits before and behind the point.
func fixed(data []byte) float64 {
	return float64(int32(binary.BigEndian.Uint32(data))) / 65536
}
