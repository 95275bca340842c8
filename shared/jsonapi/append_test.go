package jsonapi_test

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"testing"

	"bookstore/shared/internal/webtest"
	"bookstore/shared/jsonapi"

	"github.com/gorilla/mux"
)

// text says its number many times.
type text struct {
	N int `json:"n"`
}

func (t text) AppendJSON(to []byte) []byte {
	for range 1000 {
		to = append(strconv.AppendInt(to, int64(t.N), 10), ',')
	}
	return append(to, 'x')
}

func TestAnswersThatAppendThemselvesAreWholeAndOfSaidLength(t *testing.T) {
	router := mux.NewRouter()
	api := jsonapi.New("Test", "/v1/openapi/test.json", router)
	jsonapi.Handle(api, "GET /v1/texts/{n}", "get-text", "Get a text",
		func(_ context.Context, in *struct {
			N int `path:"n"`
		}) (*jsonapi.Body[text], error) {
			return &jsonapi.Body[text]{Body: text{in.N}}, nil
		})
	srv := webtest.Serve(t, router)
	var wg sync.WaitGroup
	for n := range 50 {
		wg.Go(func() {
			resp, body := webtest.Get(t, srv.URL+"/v1/texts/"+strconv.Itoa(n))
			want := string(text{n}.AppendJSON(nil)) + "\n"
			if resp.StatusCode != http.StatusOK || body != want || resp.ContentLength != int64(len(want)) {
				t.Errorf("%d: got %s and %d bytes %.20q…, want %d", n, resp.Status, resp.ContentLength, body, len(want))
			}
			if got := resp.Header.Get("Content-Type"); got != "application/json" {
				t.Errorf("got content type %q", got)
			}
		})
	}
	wg.Wait()
}
