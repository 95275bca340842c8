package authapi

// Codes of errors, beside those of package apierr.
const (
	CodeBadCredentials  = "bad_credentials" // a wrong password or an unknown address: which, it does not tell
	CodeSuspended       = "suspended"
	CodeTooManyAttempts = "too_many_attempts" // the parameter retry_after is in seconds
	CodeSessionEnded    = "session_ended"
	CodeSessionNotFound = "session_not_found"
	CodeUserNotFound    = "user_not_found"
	CodeResetEnded      = "reset_ended" // the link was used, has expired, or never was one
	CodeOwnAccount      = "own_account" // admins neither demote nor suspend themselves
)

// Codes lists the codes of errors, beside those of package apierr.
var Codes = []string{
	CodeBadCredentials, CodeSuspended, CodeTooManyAttempts, CodeSessionEnded, CodeSessionNotFound, CodeUserNotFound,
	CodeOwnAccount, CodeResetEnded,
}

// Codes of fields, beside those of package apierr.
const (
	CodeEmailTaken      = "email_taken"
	CodeSellerNameTaken = "seller_name_taken" // it looks like the name of another seller
	CodePasswordIsEmail = "password_is_email"
	CodePasswordIsName  = "password_is_name" // it is little else than names of the owner or the shop
	CodePasswordCommon  = "password_common"  // it is one of those that most people choose
	CodeWrongPassword   = "wrong_password"
	CodeNotASeller      = "not_a_seller"
)

// FieldCodes lists the codes of fields, beside those of package apierr.
var FieldCodes = []string{CodeEmailTaken, CodeSellerNameTaken, CodePasswordIsEmail, CodePasswordIsName, CodePasswordCommon, CodeWrongPassword, CodeNotASeller}
