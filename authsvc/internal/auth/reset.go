package auth

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bookstore/shared/text"
)

const (
	// ResetLife is how long the link of a mail lets a forgotten password be
	// replaced.
	ResetLife = 45 * time.Minute
	// maxResets bounds how many mails strangers can cause to one address: so many
	// at once, and one more after each pause.
	maxResets  = 3
	resetPause = time.Hour / maxResets
	resetBatch = 50
)

// ResetRequest is somebody's wish to replace a forgotten password. Whose it is,
// if anybody's, is looked up later: until then all wishes cost the same.
type ResetRequest struct {
	AddressHash string // of the address as addresses are compared
	Email       string
	At          time.Time
}

// Reset is what the link of a mail stands for.
type Reset struct {
	TokenHash string
	Secret    string // the token, encrypted for the mail
	User      User   // who is written to
	ExpiresAt time.Time
}

// PasswordReset replaces a forgotten password.
type PasswordReset struct {
	User      User // who is told
	TokenHash string
	NewHash   string

	DeviceHash string // of the owner; "" if it is not known
}

// RequestReset notes that somebody has forgotten the password of an account.
// Nothing tells whether there is one, nor that too many mails were asked for. It
// returns an error on the field email, or ErrTooManyAttempts if too many were asked
// for from the same network.
func (s *Service) RequestReset(ctx context.Context, email string, from Origin) error {
	email, err := cleanEmail(email)
	if err != nil {
		return err
	}
	if err := s.takeTurn(ctx, wishForReset, from); err != nil {
		return err
	}
	request := ResetRequest{AddressHash: digest(text.EmailKey(email)), Email: email, At: s.now()}
	mails := Tally{Key: tallyKey("reset", request.AddressHash), Most: maxResets, Each: resetPause}
	if wait, err := s.store.Take(ctx, []Tally{mails}, request.At); err != nil || wait > 0 {
		return err
	}
	if err := s.store.QueueReset(ctx, request); err != nil {
		return fmt.Errorf("request a password's reset: %w", err)
	}
	return nil
}

// AnswerResets writes to the owners of accounts whose passwords somebody has
// forgotten, and reports whether there may be more of them.
func (s *Service) AnswerResets(ctx context.Context) (more bool, err error) {
	requests, err := s.store.ResetRequests(ctx, resetBatch)
	if err != nil {
		return false, fmt.Errorf("find requested resets: %w", err)
	}
	for _, request := range requests {
		if err := s.answerReset(ctx, request); err != nil {
			return false, fmt.Errorf("answer a requested reset: %w", err)
		}
	}
	return len(requests) == resetBatch, nil
}

func (s *Service) answerReset(ctx context.Context, request ResetRequest) error {
	account, err := s.store.AccountByEmail(ctx, request.Email)
	if err != nil && !errors.Is(err, ErrUserNotFound) {
		return err
	}
	if err != nil || account.Status != Active {
		return s.store.AnswerReset(ctx, request, nil, s.now())
	}
	token := newSecret()
	sealed, err := s.secrets.Seal(token, MailContext(MailPasswordReset, account.ID))
	if err != nil {
		return err
	}
	reset := Reset{TokenHash: digest(token), Secret: sealed, User: account.User, ExpiresAt: s.now().Add(ResetLife)}
	return s.store.AnswerReset(ctx, request, &reset, s.now())
}

// ResetPassword replaces a forgotten password, by the token of a mail's link,
// and ends all sessions. The device that asks is the only one known then. It
// returns ErrResetEnded, ErrBusy, or an error on new_password, after which the
// token is still good.
func (s *Service) ResetPassword(ctx context.Context, token, replacement string, device Device) error {
	user, err := s.store.ResetUser(ctx, digest(token), s.now())
	if err != nil {
		return fmt.Errorf("reset a password: %w", err)
	}
	if user.Status != Active {
		return ErrResetEnded
	}
	if err := CheckPassword("new_password", replacement, user); err != nil {
		return err
	}
	hash, err := s.hasher.Hash(ctx, replacement)
	if err != nil {
		return err
	}
	reset := PasswordReset{User: user, TokenHash: digest(token), NewHash: hash, DeviceHash: deviceHash(device)}
	if err := s.store.ResetPassword(ctx, reset, s.now()); err != nil {
		return fmt.Errorf("reset a password: %w", err)
	}
	return nil
}
