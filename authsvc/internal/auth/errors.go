package auth

import (
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
)

// What callers can do something about, besides the fields that break a rule.
var (
	// ErrUnauthenticated: the call needs an account.
	ErrUnauthenticated = apierr.New(apierr.KindUnauthenticated, apierr.CodeUnauthenticated)
	// ErrBadCredentials is a wrong password or an unknown address: which, it
	// does not tell.
	ErrBadCredentials = apierr.New(apierr.KindUnauthenticated, authapi.CodeBadCredentials)
	// ErrSuspended refuses a right password for a suspended account.
	ErrSuspended = apierr.New(apierr.KindForbidden, authapi.CodeSuspended)
	// ErrTooManyAttempts refuses to try yet another password. Its parameter
	// retry_after is in seconds.
	ErrTooManyAttempts = apierr.New(apierr.KindRateLimited, authapi.CodeTooManyAttempts)
	// ErrBusy says that the account is being changed elsewhere at the same time.
	ErrBusy = apierr.New(apierr.KindUnavailable, apierr.CodeBusy)
	// ErrOverloaded says that too many passwords wait to be hashed.
	ErrOverloaded = apierr.New(apierr.KindUnavailable, apierr.CodeOverloaded)
	// ErrSessionEnded says that the caller's session is over.
	ErrSessionEnded = apierr.New(apierr.KindUnauthenticated, authapi.CodeSessionEnded)
	// ErrSessionNotFound is a session that the caller does not have.
	ErrSessionNotFound = apierr.New(apierr.KindNotFound, authapi.CodeSessionNotFound)
	// ErrResetEnded says that a link was used already, has expired, or never was
	// one.
	ErrResetEnded = apierr.New(apierr.KindConflict, authapi.CodeResetEnded)
	// ErrUserNotFound is an account that does not exist.
	ErrUserNotFound = apierr.New(apierr.KindNotFound, authapi.CodeUserNotFound)
	// ErrForbidden refuses what only an admin may do.
	ErrForbidden = apierr.New(apierr.KindForbidden, apierr.CodeForbidden)
	// ErrOwnAccount keeps admins from demoting or suspending themselves.
	ErrOwnAccount = apierr.New(apierr.KindForbidden, authapi.CodeOwnAccount)
	// ErrEmailTaken blames an address that another account has.
	ErrEmailTaken = apierr.Field("email", authapi.CodeEmailTaken)
	// ErrSellerNameTaken blames a name that looks like another seller's.
	ErrSellerNameTaken = apierr.Field("seller_name", authapi.CodeSellerNameTaken)
)
