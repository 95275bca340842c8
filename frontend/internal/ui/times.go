package ui

import (
	"strings"
	"time"
)

// machineTime writes an instant for the datetime attribute.
func machineTime(at time.Time) string { return at.UTC().Format(time.RFC3339) }

// timeMark stands where a message's time goes.
const timeMark = "\x00"

func beforeTime(p Page, key string) string {
	before, _, _ := strings.Cut(p.T(key, "Time", timeMark), timeMark)
	return before
}

func afterTime(p Page, key string) string {
	_, after, _ := strings.Cut(p.T(key, "Time", timeMark), timeMark)
	return after
}
