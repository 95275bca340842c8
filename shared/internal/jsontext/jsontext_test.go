package jsontext_test

import (
	"bytes"
	"encoding/json"
	"testing"

	"bookstore/shared/internal/jsontext"
)

func TestStringsAreWrittenAsEncodingJSONWritesThem(t *testing.T) {
	var everyByte, everyRune []byte
	for b := range 256 {
		everyByte = append(everyByte, byte(b), ' ')
	}
	for r := range rune(0x11000) {
		everyRune = append(everyRune, string(r)...)
	}
	for _, list := range [][]string{
		nil, {}, {""}, {"a", "b"}, {string(everyByte)}, {string(everyRune)},
		{`"`, `\`, "<&>", "\u2028x\u2029", "é\xff", "\xe2\x80", "x\n"},
	} {
		var want bytes.Buffer
		encoder := json.NewEncoder(&want)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(list); err != nil {
			t.Fatal(err)
		}
		if got := append(jsontext.AppendStrings(nil, list), '\n'); !bytes.Equal(got, want.Bytes()) {
			t.Errorf("got %s, want %s", got, want.Bytes())
		}
	}
}
