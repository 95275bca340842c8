package needs

import (
	"fmt"
	"os"
	"path/filepath"
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

func TestWhatIsNotCheckedIsNoted(t *testing.T) {
	notes := filepath.Join(t.TempDir(), "notes")
	t.Setenv("CI", "")
	t.Setenv(EnvNotChecked, notes)
	for _, program := range []string{"no-such-program", "nor-such-a-one"} {
		Program(&ended{TB: t}, program, "a shop")
	}
	got, err := os.ReadFile(notes)
	want := t.Name() + ": no-such-program is not installed (a shop)\n" + t.Name() + ": nor-such-a-one is not installed (a shop)\n"
	if err != nil || string(got) != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

func TestWhatIsMissingSkipsATestAndFailsItInCI(t *testing.T) {
	for ci, want := range map[string]string{
		"true": "failed: no-such-program is not installed (a shop)",
		"":     "skipped: no-such-program is not installed (a shop)",
	} {
		t.Setenv("CI", ci)
		e := ended{TB: t}
		Program(&e, "no-such-program", "a shop")
		if e.how != want {
			t.Errorf("with CI=%q it %s, want %s", ci, e.how, want)
		}
	}
}
