package apierr

// Codes of errors that any service may answer with.
const (
	CodeInternal             = "internal"
	CodeUnavailable          = "unavailable"
	CodeBusy                 = "busy"       // too many calls for the same at once
	CodeOverloaded           = "overloaded" // more work than can be done: not to be tried again at once
	CodeRateLimited          = "rate_limited"
	CodeUnauthenticated      = "unauthenticated"
	CodeForbidden            = "forbidden"
	CodeNotFound             = "not_found"
	CodeMethodNotAllowed     = "method_not_allowed"
	CodeConflict             = "conflict"
	CodeMalformedRequest     = "malformed_request"
	CodeMalformedBody        = "malformed_body"
	CodeUnsupportedMediaType = "unsupported_media_type"
	CodeBodyTooLarge         = "body_too_large"
	CodeMailNotFound         = "mail_not_found"         // of a service's outbox
	CodeMailOnce             = "mail_once"              // it has a secret, and is not sent again
	CodeIdempotencyKeyReused = "idempotency_key_reused" // something else was created under it
	CodeInvalid              = "invalid"                // the fields say what
)

// Codes lists the codes of errors that any service may answer with.
var Codes = []string{
	CodeInternal, CodeUnavailable, CodeBusy, CodeOverloaded, CodeRateLimited, CodeUnauthenticated, CodeForbidden, CodeNotFound,
	CodeMethodNotAllowed, CodeConflict, CodeMalformedRequest, CodeMalformedBody, CodeUnsupportedMediaType,
	CodeBodyTooLarge, CodeMailNotFound, CodeMailOnce, CodeIdempotencyKeyReused, CodeInvalid,
}

// Codes of fields of any service. Those of a limit carry it as the parameter
// min or max.
const (
	CodeRequired   = "required"
	CodeTooShort   = "too_short"
	CodeTooLong    = "too_long"
	CodeTooSmall   = "too_small"
	CodeTooLarge   = "too_large"
	CodeBadFormat  = "bad_format"
	CodeBadType    = "bad_type"
	CodeNotAllowed = "not_allowed" // none of the values that may be chosen
	CodeDuplicate  = "duplicate"
	CodeUnexpected = "unexpected" // there is no such field
)

// FieldCodes lists the codes of fields of any service.
var FieldCodes = []string{
	CodeRequired, CodeTooShort, CodeTooLong, CodeTooSmall, CodeTooLarge, CodeBadFormat, CodeBadType, CodeNotAllowed,
	CodeDuplicate, CodeUnexpected,
}
