package colorspace

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Bounds of what is read of a profile. Those of printers have some two
// megabytes and a dozen tags.
const (
	maxProfile = 8 << 20
	maxTags    = 200
	maxTable   = 65536
)

const (
	headerSize   = 128
	tagEntrySize = 12
)

var (
	errProfile = errors.New("a profile that can't be used")
	errShort   = fmt.Errorf("%w: it lacks its end", errProfile)
)

// profile is an ICC profile: its header's facts and its tags by their names.
type profile struct {
	channels int
	lab      bool // it leads to L*a*b*, not to XYZ
	tags     map[string][]byte
}

// ICC returns the converter of an ICC profile of grey, RGB or CMYK. It returns
// an error if the profile is damaged or of another kind.
func ICC(data []byte) (*Converter, error) {
	p, err := readProfile(data)
	if err != nil {
		return nil, err
	}
	for _, name := range []string{"A2B1", "A2B0"} { // relative colorimetric, or what there is
		if table, ok := p.tags[name]; ok {
			return p.byTable(table)
		}
	}
	switch p.channels {
	case 1:
		return p.byGreyCurve()
	case 3:
		return p.byMatrix()
	}
	return nil, fmt.Errorf("%w: CMYK without a table", errProfile)
}

func readProfile(data []byte) (profile, error) {
	if len(data) < headerSize+4 || len(data) > maxProfile || string(data[36:40]) != "acsp" {
		return profile{}, errProfile
	}
	p := profile{tags: map[string][]byte{}}
	switch space := string(data[16:20]); space {
	case "GRAY":
		p.channels = 1
	case "RGB ":
		p.channels = 3
	case "CMYK":
		p.channels = 4
	default:
		return profile{}, fmt.Errorf("%w: colours of %q", errProfile, space)
	}
	switch connection := string(data[20:24]); connection {
	case "XYZ ":
	case "Lab ":
		p.lab = true
	default:
		return profile{}, fmt.Errorf("%w: connected by %q", errProfile, connection)
	}
	if err := p.readTags(data); err != nil {
		return profile{}, err
	}
	return p, nil
}

func (p profile) readTags(data []byte) error {
	count := binary.BigEndian.Uint32(data[headerSize:])
	if count > maxTags {
		return fmt.Errorf("%w: %d tags", errProfile, count)
	}
	entries := data[headerSize+4:]
	for range count {
		if len(entries) < tagEntrySize {
			return errShort
		}
		start, size := uint64(binary.BigEndian.Uint32(entries[4:])), uint64(binary.BigEndian.Uint32(entries[8:]))
		if start+size > uint64(len(data)) {
			return errShort
		}
		p.tags[string(entries[:4])] = data[start : start+size]
		entries = entries[tagEntrySize:]
	}
	return nil
}

// byMatrix is for spaces of three primaries, such as Adobe RGB.
func (p profile) byMatrix() (*Converter, error) {
	var curves [3]curve
	var toXYZ matrix
	for i, name := range []string{"r", "g", "b"} {
		c, _, err := readCurve(p.tags[name+"TRC"])
		if err != nil {
			return nil, err
		}
		primary := p.tags[name+"XYZ"]
		if len(primary) < 20 {
			return nil, errShort
		}
		curves[i] = c
		for row := range 3 {
			toXYZ[row][i] = fixed(primary[8+4*row:])
		}
	}
	if p.lab {
		return nil, fmt.Errorf("%w: a matrix to Lab", errProfile)
	}
	return fromMatrix(curves, toXYZ), nil
}

func (p profile) byGreyCurve() (*Converter, error) {
	c, _, err := readCurve(p.tags["kTRC"])
	if err != nil {
		return nil, err
	}
	return &Converter{channels: 1, toXYZ: func(in [4]float64) [3]float64 {
		v := c(in[0])
		if p.lab {
			return fromLab([3]float64{100 * v, 0, 0})
		}
		return [3]float64{d50[0] * v, d50[1] * v, d50[2] * v}
	}}, nil
}
