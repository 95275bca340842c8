package shoptest

import (
	"fmt"
	"strings"
	"testing"
)

// Table prints rows of a name and a value each.
func Table(t *testing.T, title string, rows ...any) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", title)
	for i := 0; i+1 < len(rows); i += 2 {
		fmt.Fprintf(&b, "  %-44v %v\n", rows[i], rows[i+1])
	}
	fmt.Print(b.String())
}
