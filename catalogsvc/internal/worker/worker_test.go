package worker

import (
	"context"
	"errors"
	"testing"
)

func TestAFailureIsToldOnceUntilAllIsWellAgain(t *testing.T) {
	away := errors.New("the database is away")
	var outcome error
	turn := firstFailures(func(context.Context) (bool, error) { return false, outcome })
	for i, c := range []struct{ outcome, want error }{{nil, nil}, {away, away}, {away, nil}, {away, nil}, {nil, nil}, {away, away}} {
		outcome = c.outcome
		if _, err := turn(t.Context()); err != c.want {
			t.Errorf("turn %d: got %v, want %v", i, err, c.want)
		}
	}
}
