// Package authapi is the contract of authsvc: its wire types and the client
// that calls it.
package authapi

import (
	"time"

	"bookstore/shared/page"
	"bookstore/shared/token"
)

// Statuses of an account.
const (
	StatusActive    = "active"
	StatusSuspended = "suspended"
)

// User is an account as its owner and admins see it.
type User struct {
	ID         int64      `json:"id"`
	Email      string     `json:"email"`
	Name       string     `json:"name"`
	Role       token.Role `json:"role" enum:"buyer,seller,admin"`
	Status     string     `json:"status" enum:"active,suspended"`
	SellerName string     `json:"seller_name,omitempty" doc:"the name on a seller's listings"`
	Language   string     `json:"language,omitempty" doc:"that the owner reads (ISO 639-1), if it is known"`
	CreatedAt  time.Time  `json:"created_at"`

	SameEmailAs      int64 `json:"same_email_as,omitempty" doc:"for admins: an older account whose address is the same mailbox"`
	SameSellerNameAs int64 `json:"same_seller_name_as,omitempty" doc:"for admins: an older account that sells under a name which looks the same"`
}

// HeaderLanguage carries the language that the owner of an account reads. It
// is a header, which releases that know nothing of languages pass over.
const HeaderLanguage = "Accept-Language"

// Register asks for an account. All spellings of an e-mail address are one:
// without case, and with the domain in its own script or in ASCII form.
type Register struct {
	Email    string `json:"email" minLength:"3" maxLength:"254" format:"email"`
	Password string `json:"password" minLength:"10" maxLength:"128"`
	Name     string `json:"name" minLength:"1" maxLength:"100"`
	Language string `json:"-"` // sent as HeaderLanguage; may be empty
}

// Login asks for a session.
type Login struct {
	Email    string `json:"email" minLength:"1" maxLength:"254"`
	Password string `json:"password" minLength:"1" maxLength:"512"`
	Language string `json:"-"` // sent as HeaderLanguage; empty leaves the account's
}

// Refresh asks for a new access token.
type Refresh struct {
	RefreshToken string `json:"refresh_token" minLength:"1" maxLength:"200"`
}

// Grant is what a session gives its holder. The refresh token comes only with
// a new session; it does not rotate.
type Grant struct {
	AccessToken  string    `json:"access_token"`
	ExpiresAt    time.Time `json:"expires_at" doc:"when the access token ends"`
	RefreshToken string    `json:"refresh_token,omitempty"`
	User         User      `json:"user"`
}

// Session is one place where an account is signed in.
type Session struct {
	ID         string    `json:"id"`
	UserAgent  string    `json:"user_agent"`
	CreatedAt  time.Time `json:"created_at"`
	LastUsedAt time.Time `json:"last_used_at"`
	Current    bool      `json:"current"`
}

// Sessions lists an account's sessions, the latest first.
type Sessions struct {
	Items []Session `json:"items" nullable:"false"`
}

// Profile is the part of an account that its owner edits. An absent field
// stays as it is.
type Profile struct {
	Name       *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
	Email      *string `json:"email,omitempty" minLength:"3" maxLength:"254" format:"email"`
	SellerName *string `json:"seller_name,omitempty" minLength:"1" maxLength:"100"`
	Language   *string `json:"language,omitempty" enum:"en,es" doc:"of the shop's mails"`
}

// ChangePassword replaces a password and ends all other sessions.
type ChangePassword struct {
	CurrentPassword string `json:"current_password" minLength:"1" maxLength:"512"`
	NewPassword     string `json:"new_password" minLength:"10" maxLength:"128"`
}

// RequestReset asks for a mail with a link that replaces a forgotten password.
type RequestReset struct {
	Email string `json:"email" minLength:"3" maxLength:"254" format:"email"`
}

// ResetPassword replaces a forgotten password, by the token of a mail's link,
// which is good once and for a short time.
type ResetPassword struct {
	Token       string `json:"token" minLength:"1" maxLength:"200"`
	NewPassword string `json:"new_password" minLength:"10" maxLength:"128"`
}

// StartSelling makes a buyer a seller.
type StartSelling struct {
	SellerName string `json:"seller_name" minLength:"1" maxLength:"100"`
}

// AdminUpdate is what an admin changes of an account. Either change ends the
// account's sessions.
type AdminUpdate struct {
	Role   *token.Role `json:"role,omitempty" enum:"buyer,seller,admin"`
	Status *string     `json:"status,omitempty" enum:"active,suspended"`
}

// UserQuery selects accounts for admins, the newest first.
type UserQuery struct {
	Q      string `query:"q" maxLength:"200" doc:"part of the e-mail address or name, or an account's number such as #17"`
	Role   string `query:"role" enum:"buyer,seller,admin"`
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"24"`
	Cursor string `query:"cursor" maxLength:"500"`
}

// Users is one page of accounts.
type Users = page.Page[User]

// Contact is what services may know of an account.
type Contact struct {
	ID         int64  `json:"id"`
	Email      string `json:"email"`
	Name       string `json:"name"`
	SellerName string `json:"seller_name,omitempty"`
	Language   string `json:"language,omitempty" doc:"ISO 639-1, if it is known"`
}

// Contacts answers a look-up by ids; unknown ids are left out.
type Contacts struct {
	Items []Contact `json:"items" nullable:"false"`
}

// Revocations lists the sessions that ended within the life of an access token.
type Revocations struct {
	SessionIDs []string `json:"session_ids" nullable:"false"`
}
