package envelope_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"bookstore/shared/envelope"
)

func TestOnlyTheKeysAndTheContextOpenASecret(t *testing.T) {
	oldKey, newKey := bytes.Repeat([]byte{1}, envelope.KeySize), bytes.Repeat([]byte{2}, envelope.KeySize)
	keys := func(k ...[]byte) envelope.Keys {
		made, err := envelope.New(k...)
		if err != nil {
			t.Fatal(err)
		}
		return made
	}
	sealed, err := keys(oldKey).Seal("open sesame", "user 7")
	if err != nil || strings.Contains(sealed, "sesame") {
		t.Fatalf("got %q, %v", sealed, err)
	}
	if again, _ := keys(oldKey).Seal("open sesame", "user 7"); again == sealed {
		t.Error("the same secret is sealed alike twice")
	}
	for what, c := range map[string]struct {
		keys            envelope.Keys
		sealed, context string
		want            string
	}{
		"the key":               {keys(oldKey), sealed, "user 7", "open sesame"},
		"after a rotation":      {keys(newKey, oldKey), sealed, "user 7", "open sesame"},
		"a key that is retired": {keys(newKey), sealed, "user 7", ""},
		"elsewhere":             {keys(oldKey), sealed, "user 8", ""},
		"cut":                   {keys(oldKey), sealed[:10], "user 7", ""},
		"not base64url":         {keys(oldKey), "*", "user 7", ""},
		"empty":                 {keys(oldKey), "", "user 7", ""},
	} {
		got, err := c.keys.Open(c.sealed, c.context)
		if got != c.want || (err == nil) != (c.want != "") || err != nil && !errors.Is(err, envelope.ErrSealed) {
			t.Errorf("%s: got %q, %v, want %q", what, got, err, c.want)
		}
	}
	for _, bad := range [][][]byte{nil, {oldKey[:16]}} {
		if _, err := envelope.New(bad...); err == nil {
			t.Errorf("took %d keys that are none", len(bad))
		}
	}
	if _, err := (envelope.Keys{}).Seal("open sesame", ""); err == nil {
		t.Error("sealed without a key")
	}
}
