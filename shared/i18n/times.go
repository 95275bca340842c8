package i18n

import (
	"strconv"
	"strings"
	"time"
)

// Date returns the day of an instant in words, in the bundle's time zone.
func (t *Translator) Date(at time.Time) string {
	at = at.In(t.zone)
	months := strings.Split(t.T("format.months"), " ")
	return t.T("format.date", "Day", at.Day(), "Month", months[at.Month()-1], "Year", at.Year())
}

// DateTime returns the day and the time of an instant, in the bundle's time
// zone, which it names.
func (t *Translator) DateTime(at time.Time) string {
	at = at.In(t.zone)
	return t.T("format.date_time", "Date", t.Date(at), "Time", at.Format("15:04"), "Zone", zoneName(at))
}

// Deadline returns an instant as DateTime does, with how long it is until then.
func (t *Translator) Deadline(at, now time.Time) string {
	left := t.in(at.Sub(now))
	if left == "" {
		return t.DateTime(at)
	}
	return t.T("format.deadline", "Time", t.DateTime(at), "Left", left)
}

// in says when a time is that is so far off, in the nearest whole units: "in 15
// minutes". Less than a minute is one; what is over is "".
func (t *Translator) in(left time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case left <= 0:
		return ""
	case left < 2*time.Hour:
		return t.N("format.in_minutes", max(int(left.Round(time.Minute)/time.Minute), 1))
	case left < 2*day:
		return t.N("format.in_hours", int(left.Round(time.Hour)/time.Hour))
	default:
		return t.N("format.in_days", int(left.Round(day)/day))
	}
}

// zoneName returns what people call the time zone of an instant: its letters,
// such as CET, or else its distance from UTC.
func zoneName(at time.Time) string {
	name, seconds := at.Zone()
	if !strings.ContainsAny(name, "+-0123456789") {
		return name
	}
	sign := "+"
	if seconds < 0 {
		sign, seconds = "-", -seconds
	}
	distance := "UTC" + sign + strconv.Itoa(seconds/3600)
	if minutes := seconds / 60 % 60; minutes > 0 {
		distance += ":" + strconv.Itoa(minutes)
	}
	return distance
}
