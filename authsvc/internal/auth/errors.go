package auth

import "bookstore/shared/apierr"

// What callers can do something about. Fields carry further codes: "email_taken"
// and "bad_format" (email), "required" (name, seller_name), "password_is_email"
// (password, new_password), "wrong_password" (current_password) and
// "not_a_seller" (seller_name).
var (
	// ErrUnauthenticated: the call needs an account.
	ErrUnauthenticated = apierr.New(apierr.KindUnauthenticated, "unauthenticated")
	// ErrBadCredentials is a wrong password or an unknown address: which, it
	// does not tell.
	ErrBadCredentials = apierr.New(apierr.KindUnauthenticated, "bad_credentials")
	// ErrSuspended refuses a right password for a suspended account.
	ErrSuspended = apierr.New(apierr.KindForbidden, "suspended")
	// ErrTooManyAttempts refuses to try yet another password. Its parameter
	// retry_after is in seconds.
	ErrTooManyAttempts = apierr.New(apierr.KindRateLimited, "too_many_attempts")
	// ErrBusy says that too many passwords wait to be hashed.
	ErrBusy = apierr.New(apierr.KindUnavailable, "busy")
	// ErrSessionEnded says that the caller's session is over.
	ErrSessionEnded = apierr.New(apierr.KindUnauthenticated, "session_ended")
	// ErrSessionNotFound is a session that the caller does not have.
	ErrSessionNotFound = apierr.New(apierr.KindNotFound, "session_not_found")
	// ErrUserNotFound is an account that does not exist.
	ErrUserNotFound = apierr.New(apierr.KindNotFound, "user_not_found")
	// ErrForbidden refuses what only an admin may do.
	ErrForbidden = apierr.New(apierr.KindForbidden, "forbidden")
	// ErrOwnAccount keeps admins from demoting or suspending themselves.
	ErrOwnAccount = apierr.New(apierr.KindForbidden, "own_account")
	// ErrEmailTaken blames an address that another account has.
	ErrEmailTaken = apierr.Field("email", "email_taken")
)
