package main

import (
	"strings"
	"testing"
)

func TestThereIsNoVerdictWithoutAShop(t *testing.T) {
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"no target":     {nil, "-target must name the shop"},
		"nobody visits": {[]string{"-target", "http://127.0.0.1:1", "-rate", "0"}, "-rate"},
		"nobody there":  {[]string{"-target", "http://127.0.0.1:1"}, "http://127.0.0.1:1 has no APIs"},
		"unknown flag":  {[]string{"-speed", "9"}, "-speed"},
	} {
		var out, said strings.Builder
		code := run(t.Context(), c.args, func(string) string { return "" }, &out, &said)
		if code != unjudged || !strings.Contains(said.String(), c.says) || out.Len() > 0 {
			t.Errorf("%s: got %d, %q and %q", name, code, out.String(), said.String())
		}
	}
}
