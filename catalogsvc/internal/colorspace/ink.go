package colorspace

// Ink returns the converter of CMYK of which no profile is known: offset print
// on coated paper. Between the colours that its sixteen overprints have on a
// screen it goes by the share of the paper that each ink covers (Neugebauer's
// model, in which a dot's gain is made up for by mixing encoded values).
func Ink() *Converter {
	return &Converter{channels: 4, toRGB: func(in [4]float64) (out [3]float64) {
		for inks, color := range overprints {
			share := 1.0
			for i, v := range in {
				if inks&(1<<i) == 0 {
					v = 1 - v
				}
				share *= v
			}
			for i, v := range color {
				out[i] += share * v / 255
			}
		}
		return out
	}}
}

// overprints are the colours of full inks upon each other: bit 0 is cyan, then
// magenta, yellow and black.
var overprints = [16][3]float64{
	0b0000: {255, 255, 255}, 0b0001: {0, 174, 239}, 0b0010: {236, 0, 140}, 0b0011: {46, 49, 146},
	0b0100: {255, 242, 0}, 0b0101: {0, 166, 81}, 0b0110: {237, 28, 36}, 0b0111: {54, 54, 57},
	0b1000: {35, 31, 32}, 0b1001: {0, 18, 25}, 0b1010: {30, 0, 8}, 0b1011: {6, 4, 14},
	0b1100: {28, 26, 0}, 0b1101: {0, 16, 10}, 0b1110: {24, 4, 0}, 0b1111: {0, 0, 0},
}
