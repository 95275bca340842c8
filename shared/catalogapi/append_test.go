package catalogapi_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"bookstore/shared/catalogapi"
	"bookstore/shared/jsonapi"
	"bookstore/shared/page"
)

// fullBook is a book with something in each of its fields.
func fullBook(t *testing.T) catalogapi.Book {
	t.Helper()
	gone := time.Date(2026, 1, 2, 3, 4, 5, 678_900_000, time.UTC)
	b := catalogapi.Book{Authors: []string{"Ana", `"B"`}, CreatedAt: gone, UpdatedAt: gone.Add(time.Second), DelistedAt: &gone}
	b.Price.Currency = "USD"
	fields := reflect.ValueOf(&b).Elem()
	for i := range fields.NumField() {
		switch field := fields.Field(i); field.Kind() {
		case reflect.Int, reflect.Int64:
			field.SetInt(int64(-i - 1))
		case reflect.String:
			field.SetString("<" + fields.Type().Field(i).Name + "> & \"more\"\n")
		}
		if b.Price.Amount = 1299; fields.Field(i).IsZero() {
			t.Fatalf("%s is empty", fields.Type().Field(i).Name)
		}
	}
	return b
}

func TestAppendedBooksAreWhatEncodingJSONMakesOfThem(t *testing.T) {
	full := fullBook(t)
	for _, body := range []jsonapi.Appender{
		full,
		catalogapi.Book{},
		catalogapi.Books{},
		catalogapi.Books{Page: page.Page[catalogapi.Book]{Items: []catalogapi.Book{}}},
		catalogapi.Books{
			Page:  page.Page[catalogapi.Book]{Items: []catalogapi.Book{full, {ID: 2}}, NextCursor: "abc"},
			Total: 7, Instead: "the <winter>",
		},
	} {
		var want bytes.Buffer
		encoder := json.NewEncoder(&want)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(body); err != nil {
			t.Fatal(err)
		}
		if got := append(body.AppendJSON(nil), '\n'); !bytes.Equal(got, want.Bytes()) {
			t.Errorf("got\n%s\nwant\n%s", got, want.Bytes())
		}
	}
}
