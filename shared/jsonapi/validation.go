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
	errMalformedBody = apierr.New(apierr.KindMalformed, apierr.CodeMalformedBody)
	errBodyTooLarge  = apierr.New(apierr.KindTooLarge, apierr.CodeBodyTooLarge)
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
		return apierr.New(apierr.KindMalformed, apierr.CodeUnsupportedMediaType)
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
	apierr.KindMalformed:        apierr.CodeMalformedRequest,
	apierr.KindUnauthenticated:  apierr.CodeUnauthenticated,
	apierr.KindForbidden:        apierr.CodeForbidden,
	apierr.KindNotFound:         apierr.CodeNotFound,
	apierr.KindMethodNotAllowed: apierr.CodeMethodNotAllowed,
	apierr.KindConflict:         apierr.CodeConflict,
	apierr.KindRateLimited:      apierr.CodeRateLimited,
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
		return []apierr.FieldError{{Field: m[1], Code: apierr.CodeBadType}}, true
	}
	return []apierr.FieldError{fieldError(d)}, true
}

// notDecoded reports whether d is about a body that passed validation and then
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
			if r.code == apierr.CodeTooShort && limit == int64(1) {
				return apierr.FieldError{Field: field, Code: apierr.CodeRequired}
			}
		}
		return f
	}
	return apierr.FieldError{Field: field, Code: apierr.CodeNotAllowed}
}

// propertyParam marks messages that name the field itself; their location is
// the object that lacks it.
const propertyParam = "property"

// rules are the beginnings of huma's messages, the first match counting.
var rules = []struct{ prefix, code, param string }{
	{"expected required property ", apierr.CodeRequired, propertyParam},
	{"expected property ", apierr.CodeRequired, propertyParam},
	{"required ", apierr.CodeRequired, ""},
	{"File required", apierr.CodeRequired, ""},
	{"At least one file is required", apierr.CodeRequired, ""},
	{"expected length >= ", apierr.CodeTooShort, "min"},
	{"expected length <= ", apierr.CodeTooLong, "max"},
	{"expected array length >= ", apierr.CodeTooShort, "min"},
	{"expected array length <= ", apierr.CodeTooLong, "max"},
	{"expected object with at least ", apierr.CodeTooShort, "min"},
	{"expected object with at most ", apierr.CodeTooLong, "max"},
	{"expected number >= ", apierr.CodeTooSmall, "min"},
	{"expected number > ", apierr.CodeTooSmall, "above"},
	{"expected number <= ", apierr.CodeTooLarge, "max"},
	{"expected number < ", apierr.CodeTooLarge, "below"},
	{"unexpected property", apierr.CodeUnexpected, ""},
	{"unknown query parameter", apierr.CodeUnexpected, ""},
	{"expected string to ", apierr.CodeBadFormat, ""},
	{"expected duration", apierr.CodeBadFormat, ""},
	{"invalid date/time", apierr.CodeBadFormat, ""},
	{"invalid url", apierr.CodeBadFormat, ""},
	{"invalid value", apierr.CodeBadFormat, ""},
	{"Invalid mime type", apierr.CodeBadFormat, ""},
	{"invalid ", apierr.CodeBadType, ""},
	{"expected number to be a multiple of ", apierr.CodeNotAllowed, "step"},
	{"expected array items to be unique", apierr.CodeNotAllowed, ""},
	{"expected boolean", apierr.CodeBadType, ""},
	{"expected number", apierr.CodeBadType, ""},
	{"expected integer", apierr.CodeBadType, ""},
	{"expected string", apierr.CodeBadType, ""},
	{"expected array", apierr.CodeBadType, ""},
	{"expected object", apierr.CodeBadType, ""},
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
