package authapi

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"bookstore/shared/httpclient"
)

// Client calls authsvc. Calls on behalf of a user take the access token from
// the context (httpclient.WithBearer). Its methods return *apierr.Error for
// everything authsvc refuses, and kind Unavailable when it can't be reached.
type Client struct{ http *httpclient.Client }

// NewClient returns a client that calls through c.
func NewClient(c *httpclient.Client) *Client { return &Client{c} }

// Register makes an account and its first session. It returns the code
// "email_taken" on the field email if there is one already, and "too_many_attempts"
// after too many from one network. Under the key of httpclient.WithKey, the same
// again signs in to the account that it made.
func (c *Client) Register(ctx context.Context, in Register) (Grant, error) {
	return httpclient.Call[Grant](reading(anonymous(ctx), in.Language), c.http, http.MethodPost, "/v1/users", in)
}

// Login makes a session. It returns "bad_credentials" for a wrong password and
// an unknown address alike, "suspended" for a suspended account, and
// "too_many_attempts" while whoever tries has to wait. WithDevice says who that is.
func (c *Client) Login(ctx context.Context, in Login) (Grant, error) {
	return httpclient.Call[Grant](reading(anonymous(ctx), in.Language), c.http, http.MethodPost, "/v1/sessions", in)
}

// Refresh returns a new access token. Kind Unauthenticated means that the
// session is over.
func (c *Client) Refresh(ctx context.Context, refreshToken string) (Grant, error) {
	ctx = httpclient.WithIdempotent(anonymous(ctx))
	return httpclient.Call[Grant](ctx, c.http, http.MethodPost, "/v1/sessions/refresh", Refresh{refreshToken})
}

// anonymous keeps an access token out of the calls that need none: one that
// has expired would be refused before they are heard.
func anonymous(ctx context.Context) context.Context { return httpclient.WithBearer(ctx, "") }

// reading says with a call which language its user reads.
func reading(ctx context.Context, language string) context.Context {
	if language == "" {
		return ctx
	}
	return httpclient.WithHeader(ctx, HeaderLanguage, language)
}

// Logout ends the caller's session. Ending one that is over is no error.
func (c *Client) Logout(ctx context.Context) error {
	return c.http.Do(ctx, http.MethodDelete, "/v1/sessions/current", nil, nil)
}

// Sessions lists the caller's sessions.
func (c *Client) Sessions(ctx context.Context) (Sessions, error) {
	return httpclient.Call[Sessions](ctx, c.http, http.MethodGet, "/v1/sessions", nil)
}

// EndSession ends one of the caller's sessions.
func (c *Client) EndSession(ctx context.Context, id string) error {
	return c.http.Do(ctx, http.MethodDelete, "/v1/sessions/"+url.PathEscape(id), nil, nil)
}

// EndOtherSessions ends all of the caller's sessions but the one that asks.
func (c *Client) EndOtherSessions(ctx context.Context) error {
	return c.http.Do(ctx, http.MethodDelete, "/v1/sessions", nil, nil)
}

// Me returns the caller's account.
func (c *Client) Me(ctx context.Context) (User, error) {
	return httpclient.Call[User](ctx, c.http, http.MethodGet, "/v1/users/me", nil)
}

// UpdateMe changes the caller's account.
func (c *Client) UpdateMe(ctx context.Context, in Profile) (User, error) {
	return httpclient.Call[User](ctx, c.http, http.MethodPatch, "/v1/users/me", in)
}

// ChangePassword changes the caller's password and ends the other sessions.
func (c *Client) ChangePassword(ctx context.Context, in ChangePassword) error {
	return c.http.Do(ctx, http.MethodPost, "/v1/users/me/password", in, nil)
}

// RequestReset has a link mailed that replaces a forgotten password. The answer
// is the same whether or not there is an account with the address. It returns
// "too_many_attempts" after too many from one network.
func (c *Client) RequestReset(ctx context.Context, in RequestReset) error {
	ctx = httpclient.WithIdempotent(anonymous(ctx))
	return c.http.Do(ctx, http.MethodPost, "/v1/password-resets", in, nil)
}

// ResetPassword replaces a forgotten password and ends all sessions. It returns
// "reset_ended" for a token that is not good any more.
func (c *Client) ResetPassword(ctx context.Context, in ResetPassword) error {
	return c.http.Do(anonymous(ctx), http.MethodPost, "/v1/password-resets/redeem", in, nil)
}

// StartSelling makes the caller a seller and returns an access token that
// says so.
func (c *Client) StartSelling(ctx context.Context, in StartSelling) (Grant, error) {
	return httpclient.Call[Grant](ctx, c.http, http.MethodPost, "/v1/users/me/seller", in)
}

// Users returns a page of accounts; for admins.
func (c *Client) Users(ctx context.Context, q UserQuery) (Users, error) {
	return httpclient.Call[Users](ctx, c.http, http.MethodGet, "/v1/users?"+q.values().Encode(), nil)
}

// UpdateUser changes an account's role or status; for admins.
func (c *Client) UpdateUser(ctx context.Context, id int64, in AdminUpdate) (User, error) {
	return httpclient.Call[User](ctx, c.http, http.MethodPatch, "/v1/users/"+strconv.FormatInt(id, 10), in)
}

// Mails returns a page of the mails about accounts, sent or not; for admins.
func (c *Client) Mails(ctx context.Context, q MailQuery) (Mails, error) {
	v := url.Values{}
	set(v, "cursor", q.Cursor)
	if q.Limit > 0 {
		v.Set("limit", strconv.Itoa(q.Limit))
	}
	return httpclient.Call[Mails](ctx, c.http, http.MethodGet, "/v1/users/mails?"+v.Encode(), nil)
}

// SendMailAgain queues a mail once more, as a mail of its own; for admins. The
// second of two calls within a minute does nothing.
func (c *Client) SendMailAgain(ctx context.Context, id int64) error {
	return c.http.Do(ctx, http.MethodPost, "/v1/users/mails/"+strconv.FormatInt(id, 10)+"/resend", nil, nil)
}

// Contacts looks accounts up by id; for services.
func (c *Client) Contacts(ctx context.Context, ids []int64) (Contacts, error) {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return httpclient.Call[Contacts](ctx, c.http, http.MethodGet, "/internal/users?ids="+strings.Join(texts, ","), nil)
}

// ContactsByEmail looks up the accounts with an e-mail address, however it is
// spelled; for services.
func (c *Client) ContactsByEmail(ctx context.Context, email string) (Contacts, error) {
	return httpclient.Call[Contacts](ctx, c.http, http.MethodGet, "/internal/users?"+url.Values{"email": {email}}.Encode(), nil)
}

// Revocations lists the sessions that ended lately; for services.
func (c *Client) Revocations(ctx context.Context) (Revocations, error) {
	return httpclient.Call[Revocations](ctx, c.http, http.MethodGet, "/internal/revocations", nil)
}

func (q UserQuery) values() url.Values {
	v := url.Values{}
	set(v, "q", q.Q)
	set(v, "role", q.Role)
	set(v, "cursor", q.Cursor)
	if q.Limit > 0 {
		v.Set("limit", strconv.Itoa(q.Limit))
	}
	return v
}

func set(v url.Values, key, value string) {
	if value != "" {
		v.Set(key, value)
	}
}
