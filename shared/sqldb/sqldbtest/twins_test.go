package sqldbtest

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestTwinsAreCompared(t *testing.T) {
	for _, c := range []struct {
		what  string
		files []string
		want  string // part of the only fault; empty: none
	}{
		{"twins", []string{"mysql/0001_a.sql", "sqlite/0001_a.sql", "mysql/0002_b.sql", "sqlite/0002_b.sql"}, ""},
		{"missing", []string{"mysql/0001_a.sql", "sqlite/0001_a.sql", "mysql/0002_b.sql"}, "mysql/0002_b.sql has no twin in sqlite"},
		{"no folder", []string{"mysql/0001_a.sql"}, "read migrations"},
		{"bad name", []string{"mysql/0001_a.sql", "sqlite/0001_a.sql", "mysql/2.sql", "sqlite/2.sql"}, "is not named"},
		{"gap", []string{"mysql/0002_a.sql", "sqlite/0002_a.sql"}, "should have the number 0001_"},
	} {
		files := fstest.MapFS{}
		for _, name := range c.files {
			files[name] = &fstest.MapFile{}
		}
		faults := twinFaults(files)
		if c.want == "" {
			if len(faults) > 0 {
				t.Errorf("%s: got %q, want none", c.what, faults)
			}
			continue
		}
		if len(faults) == 0 {
			t.Errorf("%s: got none, want %q", c.what, c.want)
		}
		for _, fault := range faults {
			if !strings.Contains(fault, c.want) {
				t.Errorf("%s: got %q, want %q", c.what, fault, c.want)
			}
		}
	}
}
