package jsonapi

import (
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bookstore/shared/apierr"

	"github.com/danielgtaylor/huma/v2"
)

var (
	errMalformedBody = apierr.New(apierr.KindMalformed, "malformed_body")
	errBodyTooLarge  = apierr.New(apierr.KindTooLarge, "body_too_large")
)

// unreadableBody is what huma says when reading a request's body failed.
const unreadableBody = "cannot read request body"

// requestError returns the error for a request that huma refused with a
// status below 500 before it reached its handler.
func requestError(status int, errs []error) *apierr.Error {
	for _, err := range errs {
		if e, ok := apierr.As(err); ok && len(e.Fields) == 0 {
			return e
		}
	}
	switch status {
	case http.StatusBadRequest, http.StatusRequestTimeout:
		return errMalformedBody
	case http.StatusUnsupportedMediaType:
		return apierr.New(apierr.KindMalformed, "unsupported_media_type")
	case http.StatusRequestEntityTooLarge:
		return errBodyTooLarge
	case http.StatusUnprocessableEntity:
		return invalidFields(errs)
	}
	kind := apierr.KindOf(status)
	return apierr.New(kind, kindCodes[kind])
}

// kindCodes are the codes of errors that come with nothing but a status.
var kindCodes = map[apierr.Kind]string{
	apierr.KindMalformed:        "malformed_request",
	apierr.KindUnauthenticated:  "unauthenticated",
	apierr.KindForbidden:        "forbidden",
	apierr.KindNotFound:         "not_found",
	apierr.KindMethodNotAllowed: "method_not_allowed",
	apierr.KindConflict:         "conflict",
	apierr.KindRateLimited:      "rate_limited",
}

func bodyError(err error) *apierr.Error {
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return errBodyTooLarge
	}
	return errMalformedBody
}

// invalidFields returns one error per field, the first, since a rule that
// follows from another helps nobody.
func invalidFields(errs []error) *apierr.Error {
	invalid := apierr.Invalid()
	for _, err := range errs {
		fields, ok := fieldErrors(err)
		if !ok {
			return errMalformedBody
		}
		for _, f := range fields {
			if !slices.ContainsFunc(invalid.Fields, func(g apierr.FieldError) bool { return g.Field == f.Field }) {
				invalid.Fields = append(invalid.Fields, f)
			}
		}
	}
	return invalid
}

// fieldErrors returns the fields that err blames. It is not ok if err says
// that the body as a whole can't be decoded.
func fieldErrors(err error) (fields []apierr.FieldError, ok bool) {
	if e, ok := apierr.As(err); ok {
		return e.Fields, true
	}
	var detail huma.ErrorDetailer
	if !errors.As(err, &detail) {
		return nil, false
	}
	d := detail.ErrorDetail()
	if notDecoded(d) {
		m := jsonTypeError.FindStringSubmatch(d.Message)
		if m == nil {
			return nil, false
		}
		return []apierr.FieldError{{Field: m[1], Code: "bad_type"}}, true
	}
	return []apierr.FieldError{fieldError(d)}, true
}

// notDecoded tells whether d is about a body that passed validation and then
// didn't fit its Go type, such as a number that is too big for an int64.
func notDecoded(d *huma.ErrorDetail) bool {
	_, isText := d.Value.(string)
	return d.Location == "body" && (isText || d.Value == nil)
}

var jsonTypeError = regexp.MustCompile(`into Go struct field [^. ]*\.(\S+) of type`)

// fieldError translates huma's message, which echoes no value but is English,
// into a code with its limits.
func fieldError(d *huma.ErrorDetail) apierr.FieldError {
	field := fieldName(d.Location)
	for _, r := range rules {
		rest, ok := strings.CutPrefix(d.Message, r.prefix)
		if !ok {
			continue
		}
		f := apierr.FieldError{Field: field, Code: r.code}
		word, _, _ := strings.Cut(rest, " ")
		if r.param == propertyParam {
			f.Field = joinField(field, word)
		} else if limit, ok := number(word); ok && r.param != "" {
			f.Params = map[string]any{r.param: limit}
			if r.code == "too_short" && limit == int64(1) {
				return apierr.FieldError{Field: field, Code: "required"}
			}
		}
		return f
	}
	return apierr.FieldError{Field: field, Code: "not_allowed"}
}

// propertyParam marks messages that name the field itself; their location is
// the object that lacks it.
const propertyParam = "property"

// rules are the beginnings of huma's messages, the first match counting.
var rules = []struct{ prefix, code, param string }{
	{"expected required property ", "required", propertyParam},
	{"expected property ", "required", propertyParam},
	{"required ", "required", ""},
	{"File required", "required", ""},
	{"At least one file is required", "required", ""},
	{"expected length >= ", "too_short", "min"},
	{"expected length <= ", "too_long", "max"},
	{"expected array length >= ", "too_short", "min"},
	{"expected array length <= ", "too_long", "max"},
	{"expected object with at least ", "too_short", "min"},
	{"expected object with at most ", "too_long", "max"},
	{"expected number >= ", "too_small", "min"},
	{"expected number > ", "too_small", "above"},
	{"expected number <= ", "too_large", "max"},
	{"expected number < ", "too_large", "below"},
	{"unexpected property", "unexpected", ""},
	{"unknown query parameter", "unexpected", ""},
	{"expected string to ", "bad_format", ""},
	{"expected duration", "bad_format", ""},
	{"invalid date/time", "bad_format", ""},
	{"invalid url", "bad_format", ""},
	{"invalid value", "bad_format", ""},
	{"Invalid mime type", "bad_format", ""},
	{"invalid ", "bad_type", ""},
	{"expected number to be a multiple of ", "not_allowed", "step"},
	{"expected array items to be unique", "not_allowed", ""},
	{"expected boolean", "bad_type", ""},
	{"expected number", "bad_type", ""},
	{"expected integer", "bad_type", ""},
	{"expected string", "bad_type", ""},
	{"expected array", "bad_type", ""},
	{"expected object", "bad_type", ""},
}

// fieldName takes the part of the request away: "body.lines[0].quantity" is
// "lines[0].quantity" to its sender, "query.limit" is "limit".
func fieldName(location string) string {
	for _, part := range []string{"body", "query", "path", "header", "cookie", "form"} {
		if location == part {
			return ""
		}
		if rest, ok := strings.CutPrefix(location, part+"."); ok {
			return rest
		}
	}
	return strings.TrimPrefix(location, "body")
}

func joinField(parent, name string) string {
	if parent == "" {
		return name
	}
	return parent + "." + name
}

func number(s string) (any, bool) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		return nil, false
	}
	if f == float64(int64(f)) {
		return int64(f), true
	}
	return f, true
}
