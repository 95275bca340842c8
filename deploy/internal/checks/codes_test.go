package checks

import "testing"

func TestCodesAreSpelledInTheContractsOnly(t *testing.T) { expectNoFaults(t, CodeFaults) }

func TestACodeThatIsSpelledElsewhereIsFound(t *testing.T) {
	for literal, faulty := range map[string]bool{
		`"order_state"`:       true,
		"`stock_gone`":        true,
		`"order_state.text"`:  false,
		`"cancelled"`:         false, // an English word
		`shopapi.CodeOwnBook`: false,
	} {
		faults, err := CodeFaults("frontend/f.go", []byte("package p\n\nvar x = "+literal+"\n"))
		if err != nil || (len(faults) > 0) != faulty {
			t.Errorf("%s: got %q (%v), want a fault: %v", literal, faults, err, faulty)
		}
	}
}
