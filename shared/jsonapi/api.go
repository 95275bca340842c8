// Package jsonapi builds our typed JSON APIs: requests are checked by their Go
// types, errors are problem documents (RFC 9457), and the whole is described by
// an OpenAPI document.
package jsonapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"

	"bookstore/shared/apierr"
	"bookstore/shared/httpserver"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humamux"
	"github.com/gorilla/mux"
)

// New returns a typed API on router. Handlers may return any error: an
// apierr.Error reaches the caller as a problem document, anything else is
// logged and leaves as a bland 500. The OpenAPI document is at /openapi.json
// and at documentPath; unknown paths and methods get problem documents too.
func New(title, documentPath string, router *mux.Router) huma.API {
	tuneHuma()
	config := huma.DefaultConfig(title, "1")
	config.OpenAPIPath = "" // served below, without a race on its first reader
	config.DocsPath = ""
	config.SchemasPath = ""
	config.CreateHooks = nil // would add $schema to every answer
	config.Transformers = []huma.Transformer{answerErrors, encodeAppenders}
	config.Formats = map[string]huma.Format{}
	for mediaType, format := range huma.DefaultFormats {
		config.Formats[mediaType] = withEncoded(format)
	}
	api := humamux.New(router, config)
	api.OpenAPI().Components.SecuritySchemes = securitySchemes()

	router.Use(httpserver.NameRoute)
	router.NotFoundHandler = http.HandlerFunc(httpserver.NotFound)
	router.MethodNotAllowedHandler = httpserver.MethodNotAllowed(router)
	document := serveOpenAPI(api)
	for _, path := range []string{"/openapi.json", documentPath} {
		router.Path(path).Methods(http.MethodGet).Handler(document)
	}
	return api
}

func serveOpenAPI(api huma.API) http.Handler {
	document := sync.OnceValues(func() ([]byte, error) {
		return json.Marshal(api.OpenAPI())
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := document()
		if err != nil {
			httpserver.WriteProblem(w, r, fmt.Errorf("encode the OpenAPI document: %w", err))
			return
		}
		w.Header().Set("Content-Type", "application/openapi+json")
		_, _ = w.Write(data)
	})
}

// tuneHuma makes huma build our errors instead of its own, which would show the
// text of any error and echo what was sent, and stops it from letting null pass
// for any array. These are variables of huma's package, hence the Once.
var tuneHuma = sync.OnceFunc(func() {
	huma.DefaultArrayNullable = false
	huma.NewErrorWithContext = newError
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return newError(nil, status, msg, errs...)
	}
})

// problem is an apierr.Error as huma's answer. It documents its own schema.
type problem struct{ *wireError }

// wireError is an embeddable name: a field called Error would hide the method.
type wireError = apierr.Error

func (p problem) Unwrap() error { return p.wireError }

// notModified is huma.Status304NotModified, which is an error to huma alone.
type notModified struct{}

func (notModified) Error() string  { return "not modified" }
func (notModified) GetStatus() int { return http.StatusNotModified }

// newError returns the problem document for a failure that huma reports: a
// request it could not decode, or an error of a handler that is no apierr.Error.
func newError(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
	switch {
	case status == http.StatusNotModified:
		return notModified{}
	case status < http.StatusInternalServerError:
		return problem{requestError(status, errs)}
	}
	err := errors.Join(errs...)
	if msg == unreadableBody {
		return problem{bodyError(err)}
	}
	if err == nil {
		err = errors.New(msg)
	}
	if ctx == nil {
		return problem{httpserver.Problem(context.Background(), err)}
	}
	e := httpserver.Problem(ctx.Context(), err)
	httpserver.SetProblemHeaders(ctx.SetHeader, e)
	return problem{e}
}

// answerErrors is the way of an apierr.Error that a handler returned: huma
// hands it to the transformers only. Every other error is a problem already.
func answerErrors(ctx huma.Context, _ string, body any) (any, error) {
	err, ok := body.(error)
	if !ok {
		return body, nil
	}
	switch err.(type) {
	case problem, notModified:
		return body, nil
	}
	e := httpserver.Problem(ctx.Context(), err)
	httpserver.SetProblemHeaders(ctx.SetHeader, e)
	return problem{e}, nil
}

// Schema adds the wire form of an error to the OpenAPI document, once, and
// refers to it.
func (problem) Schema(registry huma.Registry) *huma.Schema {
	registry.Map()["Problem"] = problemSchema()
	return &huma.Schema{Ref: "#/components/schemas/Problem"}
}

func problemSchema() *huma.Schema {
	text := func(about string) *huma.Schema { return &huma.Schema{Type: huma.TypeString, Description: about} }
	params := &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Description: "Values for the sentence that the code stands for."}
	field := &huma.Schema{
		Type: huma.TypeObject,
		Properties: map[string]*huma.Schema{
			"field":  text("JSON path of the field that is wrong."),
			"code":   text("Stable code of the rule it breaks."),
			"params": params,
		},
		Required: []string{"field", "code"},
	}
	return &huma.Schema{
		Type:        huma.TypeObject,
		Description: "A failure as a problem document (RFC 9457).",
		Properties: map[string]*huma.Schema{
			"title":  text("The HTTP status in words."),
			"status": {Type: huma.TypeInteger, Description: "The HTTP status."},
			"code":   text("Stable code of the failure."),
			"params": params,
			"errors": {Type: huma.TypeArray, Items: field, Description: "Which fields are wrong, and why."},
		},
		Required: []string{"title", "status", "code"},
	}
}
