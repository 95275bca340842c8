package admin

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/auditapi"
	"bookstore/shared/money"
)

// ofShop names the log of the shop in addresses and forms; without it, that of
// accounts is meant.
const ofShop = "shop"

// AuditLog is a part of the log of what was changed, and what it was asked for.
type AuditLog struct {
	Of       string
	Form     ui.Form // numbers of actor and object_id, and the days since and until
	Currency string
	Entries  []auditapi.Entry
	NextURL  string // "" on the last part

	read func(context.Context, auditapi.Query) (auditapi.Entries, error)
}

// auditedValue is a value before and after a change.
type auditedValue struct{ Label, Before, After string }

// auditedValues are what a change left otherwise than it was, for people to read.
func auditedValues(p ui.Page, currency string, e auditapi.Entry) []auditedValue {
	names := map[string]bool{}
	for name := range e.Before {
		names[name] = true
	}
	for name := range e.After {
		names[name] = true
	}
	var all []auditedValue
	for _, name := range slices.Sorted(maps.Keys(names)) {
		value := auditedValue{name, auditedText(p, currency, name, e.Before[name]), auditedText(p, currency, name, e.After[name])}
		if key := "audit.value." + name; p.Has(key) {
			value.Label = p.T(key)
		}
		if value.Before != "" || value.After != "" {
			all = append(all, value)
		}
	}
	return all
}

// auditedText says a value in the reader's language. A code of a later release
// is shown as it is.
func auditedText(p ui.Page, currency, name, value string) string {
	words := map[string]string{
		"role": "role." + value, "status": "status." + value, "coverage": "providers.coverage." + value, "active": "audit.active." + value,
	}
	if key, ok := words[name]; ok && p.Has(key) {
		return p.T(key)
	}
	if amount, err := strconv.ParseInt(value, 10, 64); name == "cost" && err == nil {
		return p.Money(money.New(amount, currency))
	}
	return value
}

// auditAction says what was done. An action of a later release is shown as it is.
func auditAction(p ui.Page, e auditapi.Entry) string {
	if key := "audit.action." + e.Action; p.Has(key) {
		return p.T(key)
	}
	return e.Action
}

// auditObject says what was changed, likewise.
func auditObject(p ui.Page, e auditapi.Entry) string {
	if key := "audit.object." + e.Object; p.Has(key) {
		return p.T(key, "ID", e.ObjectID)
	}
	return e.Object + " " + e.ObjectID
}

// auditActor says who made the change.
func auditActor(p ui.Page, e auditapi.Entry) string {
	role := e.Actor
	if key := "role." + e.Actor; p.Has(key) {
		role = p.T(key)
	}
	return role + " #" + strconv.FormatInt(e.ActorID, 10)
}

func objectLabel(p ui.Page, l AuditLog) string {
	if l.Of == ofShop {
		return p.T("audit.provider_number")
	}
	return p.T("audit.account_number")
}
