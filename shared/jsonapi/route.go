package jsonapi

import (
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Body is a request or an answer that has nothing but a body.
type Body[T any] struct{ Body T }

// IdempotencyKey is the header of operations that create something, which they
// do once for the same key of the same caller (see package idempotency).
type IdempotencyKey struct {
	Key string `header:"Idempotency-Key" maxLength:"100" pattern:"^[!-~]*$" doc:"the same again creates nothing more and is answered with what there is"`
}

// Faults is what an input's method Resolve returns: what its domain has against
// the body, so that all of it is said at once, with what the types say. Nil is
// none.
func Faults(err error) []error {
	if err == nil {
		return nil
	}
	return []error{err}
}

// Answer returns what a domain returned: value in its wire form, or err.
func Answer[T, U any](value T, err error, wireForm func(T) U) (*Body[U], error) {
	if err != nil {
		return nil, err
	}
	return &Body[U]{wireForm(value)}, nil
}

// Handle has handler answer a method and path, written as "GET /v1/books/{id}".
// The id and the summary, a few words on what the operation does, are for the
// OpenAPI document, which leaves out what is below /internal.
func Handle[I, O any](
	api huma.API, pattern, id, summary string, handler func(context.Context, *I) (*O, error), options ...Option,
) {
	method, path, _ := strings.Cut(pattern, " ")
	operation := huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary, Hidden: isInternal(path)}
	for _, option := range options {
		option(&operation)
	}
	huma.Register(api, operation, handler)
}

// Option says more of an operation.
type Option func(*huma.Operation)

// Authenticated is for operations that need an access token. It only documents
// that: the domain refuses callers whom it must know and does not.
func Authenticated(o *huma.Operation) { o.Security = []map[string][]string{{tokenScheme: {}}} }

// MaybeAuthenticated is for operations that take an access token and do without.
func MaybeAuthenticated(o *huma.Operation) {
	o.Security = []map[string][]string{{}, {tokenScheme: {}}}
}

// Created is for operations that answer 201, for they make something new.
func Created(o *huma.Operation) { o.DefaultStatus = http.StatusCreated }

// CheckedByDomain is for operations whose domain checks every field of the body,
// because it knows more of some than the types do: so all faults are said at once.
func CheckedByDomain(o *huma.Operation) { o.SkipValidateBody = true }

// tokenScheme is the name of the access token in OpenAPI documents.
const tokenScheme = "token"

func securitySchemes() map[string]*huma.SecurityScheme {
	return map[string]*huma.SecurityScheme{
		tokenScheme: {Type: "http", Scheme: "bearer", BearerFormat: "JWT"},
	}
}
