// Package i18ntest checks the message files of a program.
package i18ntest

import (
	"encoding/json"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"testing"

	"bookstore/shared/i18n"
)

var placeholder = regexp.MustCompile(`\{\{[^}]*\}\}`)

// CheckMessages fails t unless the message files have the same keys, the same
// plural forms and the same placeholders in each language.
func CheckMessages(t *testing.T, messages fs.FS) {
	t.Helper()
	first := i18n.Languages[0]
	want := read(t, messages, first)
	for _, lang := range i18n.Languages[1:] {
		got := read(t, messages, lang)
		for _, key := range slices.Sorted(maps.Keys(want)) {
			if _, ok := got[key]; !ok {
				t.Errorf("%q has no message in %q", key, lang)
			}
		}
		for _, key := range slices.Sorted(maps.Keys(got)) {
			if _, ok := want[key]; !ok {
				t.Errorf("%q has no message in %q", key, first)
			} else if !slices.Equal(got[key], want[key]) {
				t.Errorf("%q: %q has the placeholders %v, %q %v", key, lang, got[key], first, want[key])
			}
		}
	}
}

// read returns the placeholders of each message, sorted, by its key.
func read(t *testing.T, messages fs.FS, lang string) map[string][]string {
	t.Helper()
	files, err := fs.Glob(messages, path.Join("messages", lang, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no message files in %q: %v", lang, err)
	}
	found := map[string][]string{}
	for _, file := range files {
		data, err := fs.ReadFile(messages, file)
		if err != nil {
			t.Fatal(err)
		}
		var parsed map[string]json.RawMessage
		if err := json.Unmarshal(data, &parsed); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for key, text := range parsed {
			names := placeholder.FindAllString(string(text), -1)
			slices.Sort(names)
			found[key] = slices.Compact(names)
		}
	}
	return found
}
