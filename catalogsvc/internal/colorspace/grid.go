package colorspace

// grid has a colour of three numbers at each of its points. It spans as many
// dimensions as there are channels, of which the last varies fastest.
type grid struct {
	sides  []int
	steps  [4]int // from one point to the next along each side, in values
	values []float32
}

func gridValues(sides []int) int {
	n := 3
	for _, side := range sides {
		n *= side
	}
	return n
}

func newGrid(sides []int, values []float32) *grid {
	g := &grid{sides: sides, values: values}
	step := 3
	for i := len(sides) - 1; i >= 0; i-- {
		g.steps[i] = step
		step *= sides[i]
	}
	return g
}

// look interpolates between the corners of the cell that in lies in, by its
// distance from each along every side.
func (g *grid) look(in [4]float64) (out [3]float64) {
	var within [4]float64
	base := 0
	for i, side := range g.sides {
		at := clamp(in[i]) * float64(side-1)
		cell := min(int(at), side-2)
		within[i], base = at-float64(cell), base+cell*g.steps[i]
	}
	for corner := range 1 << len(g.sides) {
		weight, at := 1.0, base
		for i := range g.sides {
			if corner&(1<<i) == 0 {
				weight *= 1 - within[i]
			} else {
				weight *= within[i]
				at += g.steps[i]
			}
		}
		if weight == 0 {
			continue
		}
		for i, v := range g.values[at : at+3] {
			out[i] += weight * float64(v)
		}
	}
	return out
}
