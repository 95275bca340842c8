package apierr_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"testing"

	"bookstore/shared/apierr"
)

func TestAnErrorSurvivesTheWire(t *testing.T) {
	for kind := apierr.KindInternal; kind <= apierr.KindUnavailable; kind++ {
		sent := apierr.New(kind, "out_of_stock").With("title", "Emma").
			WithFields(apierr.FieldError{Field: "lines[0].quantity", Code: "too_large", Params: map[string]any{"max": 2.0}})
		data, err := json.Marshal(sent)
		if err != nil {
			t.Fatal(err)
		}
		var got apierr.Error
		if err := json.Unmarshal(data, &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(&got, sent) {
			t.Errorf("kind %d: got %+v, want %+v", kind, got, sent)
		}
	}
}

func TestADocumentWithoutACodeIsNoError(t *testing.T) {
	var e apierr.Error
	if err := json.Unmarshal([]byte(`{"title":"Bad Gateway","status":502}`), &e); err == nil {
		t.Errorf("got %+v, want a decoding error", e)
	}
}

func TestErrorsAreEqualByCode(t *testing.T) {
	base := apierr.New(apierr.KindConflict, "out_of_stock")
	err := fmt.Errorf("reserve: %w", base.With("book_id", 7))
	if !errors.Is(err, base) {
		t.Error("a copy with parameters is no longer the same error")
	}
	if errors.Is(err, apierr.New(apierr.KindConflict, "version_conflict")) {
		t.Error("errors of different codes are equal")
	}
	if !apierr.IsKind(err, apierr.KindConflict) || apierr.IsKind(err, apierr.KindInvalid) {
		t.Error("the kind of a wrapped error is not seen")
	}
	if len(base.Params) != 0 {
		t.Errorf("With changed the error it was called on: %v", base.Params)
	}
}
