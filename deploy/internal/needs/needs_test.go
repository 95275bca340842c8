package needs

import (
	"fmt"
	"testing"
)

// ended notes how a test that uses it ends.
type ended struct {
	testing.TB
	how string
}

func (*ended) Helper()                          {}
func (e *ended) Fatalf(format string, a ...any) { e.how = "failed: " + fmt.Sprintf(format, a...) }
func (e *ended) Skipf(format string, a ...any) {
	if e.how == "" { // a real one would have ended
		e.how = "skipped: " + fmt.Sprintf(format, a...)
	}
}

func TestWhatIsMissingSkipsATestAndFailsItInCI(t *testing.T) {
	for ci, want := range map[string]string{
		"true": "failed: no-such-program is not installed (a shop)",
		"":     "skipped: no-such-program is not installed (a shop)",
	} {
		t.Setenv("CI", ci)
		var e ended
		Program(&e, "no-such-program", "a shop")
		if e.how != want {
			t.Errorf("with CI=%q it %s, want %s", ci, e.how, want)
		}
	}
}
