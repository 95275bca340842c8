package auth

import (
	"context"
	"time"

	"bookstore/shared/audit"
	"bookstore/shared/idempotency"
	"bookstore/shared/token"
)

// Store keeps accounts and sessions. What it has returned from is durable, and
// every read but Users sees every earlier write. What admins and sellers change
// it writes into the audit log as well, in the same transaction.
type Store interface {
	AnnouncementStore

	// CreateAccount adds an account and returns its id. It returns ErrEmailTaken
	// if another has its address, however spelled.
	CreateAccount(ctx context.Context, a Account) (int64, error)
	// Register adds an account with its first session. If the request's key did
	// so before, it adds nothing and reports that the account is not new. It
	// returns ErrEmailTaken if another has its address, or idempotency.ErrReused.
	Register(ctx context.Context, request idempotency.Request, a Account, s Session) (id int64, isNew bool, err error)
	// AccountByEmail returns ErrUserNotFound if no account has the address,
	// however spelled. Of two that have it each has its own spelling.
	AccountByEmail(ctx context.Context, email string) (Account, error)
	// User returns ErrUserNotFound if there is none.
	User(ctx context.Context, id int64) (User, error)
	// Users returns up to f.Limit accounts, the newest first. They may lag behind
	// unless ctx asks for fresh ones.
	Users(ctx context.Context, f UserFilter) ([]User, error)
	// UsersByID leaves unknown ids out.
	UsersByID(ctx context.Context, ids []int64) ([]User, error)
	// UsersByEmail returns the accounts with an address, however it is spelled:
	// one, or those from before spellings were compared.
	UsersByEmail(ctx context.Context, email string) ([]User, error)
	// UpdateProfile changes what is set in c. It returns ErrEmailTaken if
	// another account has the address, and ErrSellerNameTaken if another sells
	// under a name that looks the same. A change of the address is told to the
	// one that the account has in was; if it is not that any more, UpdateProfile
	// returns ErrBusy.
	UpdateProfile(ctx context.Context, was User, c ProfileChange, now time.Time) error
	// StartSelling gives the account a new role and a name to sell under, if its
	// role still is from. It returns ErrSellerNameTaken.
	StartSelling(ctx context.Context, userID int64, from, to token.Role, sellerName string, now time.Time) error
	// UpdateAccess changes role and status and, if that changed anything, ends
	// all sessions of the account. It returns ErrUserNotFound if there is none.
	UpdateAccess(ctx context.Context, userID int64, c AccessChange, now time.Time) (User, error)
	// RenewHash replaces the hash of an account's password by another of the same
	// password. It returns ErrBadCredentials if the old one no longer is the
	// account's.
	RenewHash(ctx context.Context, userID int64, oldHash, newHash string) error
	// ChangePassword replaces the password and ends all sessions but the one to
	// keep, and tells the account's owner. It returns ErrBadCredentials if the
	// old hash no longer is the account's.
	ChangePassword(ctx context.Context, c PasswordChange, now time.Time) error

	// QueueReset adds a request, unless one for the address waits already.
	QueueReset(ctx context.Context, r ResetRequest) error
	// ResetRequests returns the oldest requests.
	ResetRequests(ctx context.Context, limit int) ([]ResetRequest, error)
	// AnswerReset ends a request. If reset is not nil, it adds that, with the mail.
	// A request that ended before is left alone.
	AnswerReset(ctx context.Context, request ResetRequest, reset *Reset, now time.Time) error
	// ResetUser returns whose password a token may replace, or ErrResetEnded.
	ResetUser(ctx context.Context, tokenHash string, now time.Time) (User, error)
	// ResetPassword uses a token up, replaces the password, ends all sessions of
	// the account, makes this device the only one known and tells its owner. It returns ErrResetEnded.
	ResetPassword(ctx context.Context, r PasswordReset, now time.Time) error
	// MatchAccounts makes the keys of addresses and sellers' names of those of
	// the next limit accounts after an id that have none or stale ones. It
	// returns the last id it looked at, 0 after the last account.
	MatchAccounts(ctx context.Context, after int64, limit int) (int64, error)

	// OpenSession adds a session for an account that still is active and has
	// this password, and makes its device known; else it returns
	// ErrBadCredentials. A language that is not
	// empty becomes the account's.
	OpenSession(ctx context.Context, s Session, passwordHash, language string) error
	// SessionAccount returns the account of a session that was used after since,
	// or ErrSessionEnded.
	SessionAccount(ctx context.Context, c Caller, since time.Time) (Account, error)
	// SessionByRefresh finds a session that was used after since by its refresh
	// token's hash; or it returns ErrSessionEnded.
	SessionByRefresh(ctx context.Context, hash string, since time.Time) (Session, User, error)
	// TouchSession notes a use, unless a later one than before is noted already.
	TouchSession(ctx context.Context, id string, now, before time.Time) error
	// Sessions returns those used after since, the last used first.
	Sessions(ctx context.Context, userID int64, since time.Time) ([]Session, error)
	// EndSession ends and revokes a session. It returns ErrSessionNotFound if the
	// account has no such session.
	EndSession(ctx context.Context, c Caller, now time.Time) error
	// EndOtherSessions ends and revokes all sessions of the account but the
	// caller's own.
	EndOtherSessions(ctx context.Context, c Caller, now time.Time) error
	// Revoked returns the ids of the sessions revoked after since.
	Revoked(ctx context.Context, since time.Time) ([]string, error)

	// Counts returns what tallies say, by key; those that nothing was counted in
	// are left out.
	Counts(ctx context.Context, keys []string) (map[string]Count, error)
	// CountAll adds one to each of the tallies.
	CountAll(ctx context.Context, tallies []Tally, now time.Time) error
	// Take adds one to each of the tallies; or, if that is more than the most of
	// one, to none, and returns how long it takes until there is room.
	Take(ctx context.Context, tallies []Tally, now time.Time) (wait time.Duration, err error)
	// EmptyTallies forgets what is counted under the keys.
	EmptyTallies(ctx context.Context, keys []string) error
	// IsKnownDevice reports whether a session of the account was opened from a
	// device.
	IsKnownDevice(ctx context.Context, userID int64, deviceHash string) (bool, error)

	// Sweep deletes some of what is older than the limits, and reports whether
	// there may be more.
	Sweep(ctx context.Context, l SweepLimits) (more bool, err error)
}

// ProfileChange is what an owner changes of an account; nil stays as it is.
type ProfileChange struct {
	Name, Email, SellerName, Language *string
}

// AccessChange is what an admin changes of an account; nil stays as it is.
type AccessChange struct {
	By     audit.Actor
	Role   *token.Role
	Status *Status
}

// PasswordChange replaces the password of the caller's account.
type PasswordChange struct {
	Caller           Caller // whose session is kept
	User             User   // who is told
	OldHash, NewHash string
}

// UserFilter selects accounts.
type UserFilter struct {
	Text   string     // part of the address or name, in lower case
	ID     int64      // 0: any
	Role   token.Role // empty: any
	Before int64      // an id; 0: from the newest on
	Limit  int
}

// SweepLimits say before when things are too old to keep.
type SweepLimits struct {
	Sessions, Revocations, Tallies, Devices, Keys, Resets time.Time
}
