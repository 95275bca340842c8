// Package tagtest holds the limits that a contract states in the tags of its
// wire types, which can name no constants, against its constants.
package tagtest

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// Check fails unless the fields of wire, a wire type's value, have these tags.
// A limit is named by field and tag: "Title.maxLength".
func Check(t *testing.T, wire any, limits map[string]int) {
	t.Helper()
	typ := reflect.TypeOf(wire)
	for name, limit := range limits {
		fieldName, tag, _ := strings.Cut(name, ".")
		field, ok := typ.FieldByName(fieldName)
		if !ok {
			t.Errorf("%s has no field %s", typ, fieldName)
			continue
		}
		if got := field.Tag.Get(tag); got != fmt.Sprint(limit) {
			t.Errorf("%s of %s.%s: the tag says %q, the constant %d", tag, typ, fieldName, got, limit)
		}
	}
}

// CheckEnum fails unless a field of wire, a wire type's value, takes these values.
func CheckEnum(t *testing.T, wire any, fieldName string, values []string) {
	t.Helper()
	typ := reflect.TypeOf(wire)
	field, ok := typ.FieldByName(fieldName)
	if got, want := field.Tag.Get("enum"), strings.Join(values, ","); !ok || got != want {
		t.Errorf("%s.%s: the tag says %q, the constants %q", typ, fieldName, got, want)
	}
}
