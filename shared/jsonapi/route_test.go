package jsonapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"bookstore/shared/jsonapi"

	"github.com/gorilla/mux"
)

type note struct {
	Text string `json:"text"`
}

func TestTheDocumentSaysWhatAnOperationNeedsAndAnswers(t *testing.T) {
	router := mux.NewRouter()
	api := jsonapi.New("Test", "/v1/openapi/test.json", router)
	echo := func(_ context.Context, in *jsonapi.Body[note]) (*jsonapi.Body[note], error) {
		return jsonapi.Answer(in.Body.Text, nil, func(text string) note { return note{text} })
	}
	jsonapi.Handle(api, "POST /v1/notes", "create-note", "Write a note", echo, jsonapi.Authenticated, jsonapi.Created)
	jsonapi.Handle(api, "POST /internal/notes", "copy-note", "Copy a note", echo)
	serve := func(method, path, body string) (int, string) {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		answer := httptest.NewRecorder()
		router.ServeHTTP(answer, r)
		return answer.Code, strings.TrimSpace(answer.Body.String())
	}
	if status, body := serve(http.MethodPost, "/v1/notes", `{"text":"hi"}`); status != http.StatusCreated || body != `{"text":"hi"}` {
		t.Errorf("creation: got %d %s", status, body)
	}
	if status, body := serve(http.MethodPost, "/internal/notes", `{"text":"hi"}`); status != http.StatusOK || body != `{"text":"hi"}` {
		t.Errorf("internal: got %d %s", status, body)
	}
	for _, path := range []string{"/openapi.json", "/v1/openapi/test.json"} {
		status, document := serve(http.MethodGet, path, "")
		for _, want := range []string{`"201":`, `"security":[{"token":[]}]`, `"bearerFormat":"JWT"`} {
			if status != http.StatusOK || !strings.Contains(document, want) {
				t.Errorf("%s: got %d, want %s in\n%s", path, status, want, document)
			}
		}
		if strings.Contains(document, "internal") {
			t.Errorf("%s tells of internal paths:\n%s", path, document)
		}
	}
}
