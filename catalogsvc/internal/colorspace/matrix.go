package colorspace

// matrix has rows of columns.
type matrix [3][3]float64

func (m matrix) times(v [3]float64) (out [3]float64) {
	for i, row := range m {
		out[i] = row[0]*v[0] + row[1]*v[1] + row[2]*v[2]
	}
	return out
}

func (m matrix) timesMatrix(o matrix) (out matrix) {
	for column := range 3 {
		product := m.times([3]float64{o[0][column], o[1][column], o[2][column]})
		for row := range 3 {
			out[row][column] = product[row]
		}
	}
	return out
}

func (m matrix) determinant() float64 {
	return m[0][0]*(m[1][1]*m[2][2]-m[1][2]*m[2][1]) -
		m[0][1]*(m[1][0]*m[2][2]-m[1][2]*m[2][0]) +
		m[0][2]*(m[1][0]*m[2][1]-m[1][1]*m[2][0])
}

// inverse is for matrices of which determinant is not 0.
func (m matrix) inverse() (out matrix) {
	d := m.determinant()
	for row := range 3 {
		for column := range 3 {
			a, b, c, e := (row+1)%3, (row+2)%3, (column+1)%3, (column+2)%3
			out[column][row] = (m[a][c]*m[b][e] - m[a][e]*m[b][c]) / d
		}
	}
	return out
}
