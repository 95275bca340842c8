package rehearsal

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/synctest"
)

func TestTheChartIsAWholePictureOfTheDay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := paperDay()
		if err := d.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		chart := string(d.Chart())
		curves := 0
		for decoder := xml.NewDecoder(strings.NewReader(chart)); ; {
			token, err := decoder.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if start, ok := token.(xml.StartElement); ok && start.Name.Local == "polyline" {
				curves++
			}
		}
		if curves != 4 {
			t.Errorf("%d curves, want 4", curves)
		}
		for _, text := range []string{"at most 4", "at least 1", "+1 from 50 % on", "-1 below 25 %", "60 times as fast"} {
			if !strings.Contains(chart, text) {
				t.Errorf("the chart does not say %q", text)
			}
		}
	})
}

func TestTicksAreRoundAndFew(t *testing.T) {
	for most, want := range map[float64]float64{4: 1, 6: 2, 23: 5, 100: 20, 101: 50, 480: 100, 2400: 500} {
		if got := tickStep(most); got != want {
			t.Errorf("up to %v in steps of %v, want %v", most, got, want)
		}
	}
}
