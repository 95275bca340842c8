package admin

import (
	"fmt"
	"strings"
	"time"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/shopapi"
)

// CommissionView is what the page of commission rules shows.
type CommissionView struct {
	Rules    []shopapi.CommissionRule
	Currency string
	Now      time.Time
	Form     ui.Form // of a new rule
}

// state returns whether a rule holds: "future", "active" or "ended".
func (v CommissionView) state(r shopapi.CommissionRule) string {
	switch {
	case r.EndsAt != nil && !v.Now.Before(*r.EndsAt), r.EndsAt != nil && !r.EndsAt.After(r.StartsAt):
		return "ended"
	case v.Now.Before(r.StartsAt):
		return "future"
	}
	return "active"
}

// canEnd reports whether a rule is still to end.
func (v CommissionView) canEnd(r shopapi.CommissionRule) bool {
	return v.state(r) != "ended" && (r.EndsAt == nil || r.EndsAt.After(v.Now.Add(shopapi.CommissionNotice)))
}

// percent writes basis points as people do: "8.5 %".
func percent(p ui.Page, basisPoints int64) string {
	text := strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%d.%02d", basisPoints/100, basisPoints%100), "0"), ".")
	if p.Lang() == "es" {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text + "\u00a0%"
}
