package routes

import (
	"slices"
	"strings"
	"testing"
)

// Rules are asked one after the other: none may answer for another service.
func TestNoPrefixBeginsAnotherServices(t *testing.T) {
	for _, one := range Services {
		for _, other := range Services {
			for _, prefix := range one.Prefixes {
				begins := func(p string) bool { return strings.HasPrefix(p, prefix) }
				if one.Name != other.Name && slices.ContainsFunc(other.Prefixes, begins) {
					t.Errorf("%s of %s begins a path of %s", prefix, one.Name, other.Name)
				}
			}
		}
	}
}

func TestNoRuleHasMorePatternsThanAnALBTakes(t *testing.T) {
	all := 0
	for _, rule := range ALB() {
		all += len(rule.Patterns)
		if len(rule.Patterns) == 0 || len(rule.Patterns) > mostPatterns {
			t.Errorf("the rule %v has %d patterns", rule, len(rule.Patterns))
		}
	}
	want := 2
	for _, s := range Services {
		want += len(s.Prefixes)
	}
	if all != want {
		t.Errorf("%d patterns for %d prefixes", all, want)
	}
}
