package commonest

import (
	"bytes"
	"fmt"
	"testing"
)

func TestTheListHasWhatPeopleChooseAndLittleElse(t *testing.T) {
	for _, password := range []string{"1234567890", "qwertyuiop", "Password123", "LIVERPOOL1"} {
		if !Has(password) {
			t.Errorf("%q is not on the list", password)
		}
	}
	wrong := 0
	for i := range 430_000 {
		if Has(fmt.Sprintf("nobody chooses %d", i)) {
			wrong++
		}
	}
	if wrong > 40 { // 10 are to be expected
		t.Errorf("%d of 430,000 others are taken for common", wrong)
	}
}

func TestTheListIsWholeAndInOrder(t *testing.T) {
	if len(hashes) != 100_000*Size {
		t.Fatalf("got %d bytes", len(hashes))
	}
	for i := Size; i < len(hashes); i += Size {
		if bytes.Compare(hashes[i-Size:i], hashes[i:i+Size]) >= 0 {
			t.Fatalf("hash %d is not above the one before", i/Size)
		}
	}
}
