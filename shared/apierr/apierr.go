// Package apierr holds the one error type that callers can act on. It crosses
// service boundaries as problem+json (RFC 9457); everything that is not such
// an error leaves a service as a bland 500.
package apierr

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// ContentType is the media type of an error on the wire (RFC 9457).
const ContentType = "application/problem+json"

// Error is a failure the caller can act on. Code is stable and meant for
// machines; the frontend turns Code and Params into a sentence in the reader's
// language. Two errors with the same Code are equal to errors.Is.
type Error struct {
	Kind   Kind
	Code   string
	Params map[string]any
	Fields []FieldError
}

// FieldError names one field of the request that is wrong, by its JSON path
// ("address.country", "lines[0].quantity"), and why.
type FieldError struct {
	Field  string         `json:"field"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
}

// New returns an error without parameters, fit for a package variable.
func New(kind Kind, code string) *Error {
	return &Error{Kind: kind, Code: code}
}

// Field returns an error of kind Invalid that blames one field. The optional
// pairs are the parameters of the field's code, such as "max", 200.
func Field(field, code string, pairs ...any) *Error {
	return Invalid(FieldError{Field: field, Code: code, Params: params(pairs)})
}

// Invalid returns an error of kind Invalid that blames the given fields.
func Invalid(fields ...FieldError) *Error {
	return &Error{Kind: KindInvalid, Code: CodeInvalid, Fields: fields}
}

// Unavailable says that the named service can't answer at the moment.
func Unavailable(service string) *Error {
	return New(KindUnavailable, CodeUnavailable).With("service", service)
}

// With returns a copy of e that carries the given pairs as parameters as well.
func (e *Error) With(pairs ...any) *Error {
	c := *e
	c.Params = maps.Clone(e.Params)
	for k, v := range params(pairs) {
		if c.Params == nil {
			c.Params = map[string]any{}
		}
		c.Params[k] = v
	}
	return &c
}

// WithFields returns a copy of e that blames the given fields as well.
func (e *Error) WithFields(fields ...FieldError) *Error {
	c := *e
	c.Fields = append(slices.Clone(e.Fields), fields...)
	return &c
}

// As returns the Error that err wraps, if it wraps one.
func As(err error) (*Error, bool) {
	var e *Error
	ok := errors.As(err, &e)
	return e, ok
}

// IsKind reports whether err wraps an Error of this kind.
func IsKind(err error, kind Kind) bool {
	e, ok := As(err)
	return ok && e.Kind == kind
}

// Error describes e for logs.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Code)
	for _, k := range slices.Sorted(maps.Keys(e.Params)) {
		fmt.Fprintf(&b, " %s=%v", k, e.Params[k])
	}
	for _, f := range e.Fields {
		fmt.Fprintf(&b, " [%s %s]", f.Field, f.Code)
	}
	return b.String()
}

// Is reports whether target is an Error with the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// GetStatus returns the HTTP status that e is sent with.
func (e *Error) GetStatus() int { return e.Kind.Status() }

// ContentType returns the media type that e is sent with, whatever the
// request would have negotiated.
func (e *Error) ContentType(string) string { return ContentType }

// problem is the wire form of an Error.
type problem struct {
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Code   string         `json:"code"`
	Params map[string]any `json:"params,omitempty"`
	Fields []FieldError   `json:"errors,omitempty"`
}

// MarshalJSON encodes e as a problem document.
func (e *Error) MarshalJSON() ([]byte, error) {
	status := e.Kind.Status()
	return json.Marshal(problem{http.StatusText(status), status, e.Code, e.Params, e.Fields})
}

// UnmarshalJSON decodes a problem document. The kind follows from its status.
func (e *Error) UnmarshalJSON(data []byte) error {
	var p problem
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	if p.Code == "" {
		return errors.New("problem document without a code")
	}
	*e = Error{KindOf(p.Status), p.Code, p.Params, p.Fields}
	return nil
}

func params(pairs []any) map[string]any {
	if len(pairs) == 0 {
		return nil
	}
	m := make(map[string]any, len(pairs)/2)
	for i := 0; i+1 < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m
}
