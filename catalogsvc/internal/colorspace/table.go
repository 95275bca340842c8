package colorspace

import (
	"encoding/binary"
	"fmt"
)

// table is a profile's table from device colours to the connection space:
// curves, a grid of colours between which it is interpolated, curves, a matrix
// and curves. What is nil is skipped.
type table struct {
	before []curve
	grid   *grid
	middle []curve
	matrix *[12]float64
	after  []curve
}

func (p profile) byTable(data []byte) (*Converter, error) {
	if len(data) < 32 {
		return nil, errShort
	}
	if int(data[8]) != p.channels || data[9] != 3 {
		return nil, fmt.Errorf("%w: a table of %d to %d channels", errProfile, data[8], data[9])
	}
	var t table
	var err error
	kind := string(data[:4])
	switch kind {
	case "mft1", "mft2":
		t, err = readLut(data, p.channels, kind == "mft2")
	case "mAB ":
		t, err = readLutAToB(data, p.channels)
	default:
		err = fmt.Errorf("%w: a table of type %q", errProfile, kind)
	}
	if err != nil {
		return nil, err
	}
	decode := p.decoder(kind == "mft2")
	return &Converter{channels: p.channels, toXYZ: func(in [4]float64) [3]float64 { return decode(t.look(in)) }}, nil
}

// decoder turns what a table says, each number from 0 to 1, into XYZ. A table
// of 16 bits of the first kind has white at 0xff00, not at 0xffff.
func (p profile) decoder(legacy bool) func([3]float64) [3]float64 {
	if !p.lab {
		const largest = 1 + 32767.0/32768
		return func(v [3]float64) [3]float64 { return [3]float64{largest * v[0], largest * v[1], largest * v[2]} }
	}
	stretch := 1.0
	if legacy {
		stretch = 65535.0 / 65280
	}
	return func(v [3]float64) [3]float64 {
		return fromLab([3]float64{100 * stretch * v[0], 255*stretch*v[1] - 128, 255*stretch*v[2] - 128})
	}
}

func (t table) look(in [4]float64) [3]float64 {
	for i, c := range t.before {
		in[i] = c(in[i])
	}
	out := [3]float64{in[0], in[1], in[2]}
	if t.grid != nil {
		out = t.grid.look(in)
	}
	out = apply(t.middle, out)
	if m := t.matrix; m != nil {
		out = [3]float64{
			m[0]*out[0] + m[1]*out[1] + m[2]*out[2] + m[9],
			m[3]*out[0] + m[4]*out[1] + m[5]*out[2] + m[10],
			m[6]*out[0] + m[7]*out[1] + m[8]*out[2] + m[11],
		}
	}
	return apply(t.after, out)
}

func apply(curves []curve, v [3]float64) [3]float64 {
	for i, c := range curves {
		v[i] = c(v[i])
	}
	return v
}

// readLut reads lut8Type and lut16Type. Their matrix is for XYZ only.
func readLut(data []byte, channels int, wide bool) (table, error) {
	const head = 48 // up to the end of the matrix
	if len(data) < head+4 {
		return table{}, errShort
	}
	size, read, inputs, outputs, at := 1, octets, 256, 256, head
	if wide {
		size, read, at = 2, words, head+4
		inputs, outputs = int(binary.BigEndian.Uint16(data[head:])), int(binary.BigEndian.Uint16(data[head+2:]))
	}
	points := int(data[10])
	sides := []int{points, points, points, points}[:channels]
	values := gridValues(sides)
	if points < 2 || inputs < 2 || outputs < 2 || inputs > 4096 || outputs > 4096 {
		return table{}, fmt.Errorf("%w: a table of %d points", errProfile, points)
	}
	if len(data) < at+size*(channels*inputs+values+3*outputs) {
		return table{}, errShort
	}
	take := func(n int) []float32 {
		v := read(data[at:], n)
		at += size * n
		return v
	}
	var t table
	for range channels {
		t.before = append(t.before, interpolated(take(inputs)))
	}
	t.grid = newGrid(sides, take(values))
	for range 3 {
		t.after = append(t.after, interpolated(take(outputs)))
	}
	return t, nil
}

// readLutAToB reads lutAToBType, of which any part but the last may be missing.
func readLutAToB(data []byte, channels int) (t table, err error) {
	part := func(at int) []byte {
		offset := binary.BigEndian.Uint32(data[at:])
		if offset == 0 || uint64(offset) > uint64(len(data)) {
			return nil
		}
		return data[offset:]
	}
	if t.after, err = readCurves(part(12), 3); err != nil {
		return t, err
	}
	if m := part(16); m != nil {
		if len(m) < 48 {
			return t, errShort
		}
		t.matrix = new([12]float64)
		for i := range t.matrix {
			t.matrix[i] = fixed(m[4*i:])
		}
	}
	if t.middle, err = readCurves(part(20), 3); err != nil {
		return t, err
	}
	if t.grid, err = readGrid(part(24), channels); err != nil {
		return t, err
	}
	t.before, err = readCurves(part(28), channels)
	if t.grid == nil && channels != 3 {
		return t, fmt.Errorf("%w: %d channels without a grid", errProfile, channels)
	}
	return t, err
}

// readCurves reads n curves that follow each other, each from a multiple of
// four bytes on; none from nothing.
func readCurves(data []byte, n int) (curves []curve, err error) {
	if data == nil {
		return nil, nil
	}
	for range n {
		c, length, err := readCurve(data)
		if err != nil {
			return nil, err
		}
		curves = append(curves, c)
		data = data[min((length+3)/4*4, len(data)):]
	}
	return curves, nil
}

// readGrid reads the grid of lutAToBType; none from nothing.
func readGrid(data []byte, channels int) (*grid, error) {
	const head = 20
	if data == nil {
		return nil, nil
	}
	if len(data) < head {
		return nil, errShort
	}
	sides := make([]int, channels)
	for i := range sides {
		if sides[i] = int(data[i]); sides[i] < 2 {
			return nil, fmt.Errorf("%w: a grid of %d points", errProfile, sides[i])
		}
	}
	size, read := 1, octets
	if data[16] == 2 {
		size, read = 2, words
	}
	n := gridValues(sides)
	if len(data) < head+size*n {
		return nil, errShort
	}
	return newGrid(sides, read(data[head:], n)), nil
}
