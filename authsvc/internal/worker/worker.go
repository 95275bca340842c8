// Package worker does what nobody asks for: it sends mails, answers whoever
// forgot a password, deletes what is over, and compares accounts that the release
// before wrote.
package worker

import (
	"context"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/service"
)

const (
	mailInterval  = time.Second
	resetInterval = time.Second
	sweepInterval = 5 * time.Minute
	matchInterval = 5 * time.Minute // between two rounds through all accounts
	// announceInterval bounds how late a message is that another instance wrote.
	announceInterval = 500 * time.Millisecond
	// untoldInterval is how often all accounts are looked through.
	untoldInterval = time.Minute
)

// Outbox is where mails wait.
type Outbox interface {
	SendDue(ctx context.Context) (more bool, err error)
}

// Loops returns what an instance does beside serving requests.
func Loops(accounts *auth.Service, announcers []*auth.Announcer, outbox Outbox) []service.Loop {
	loops := []service.Loop{
		{Name: "outbox", Every: mailInterval, Work: outbox.SendDue},
		{Name: "password resets", Every: resetInterval, Work: accounts.AnswerResets},
		{Name: "sweep", Every: sweepInterval, Work: accounts.Sweep},
		{Name: "matching of accounts", Every: matchInterval, Work: accounts.NewMatcher().Match},
		{Name: "sellers that changed unannounced", Every: untoldInterval, Work: accounts.FindUntold},
	}
	for _, a := range announcers {
		loops = append(loops, service.Loop{Name: "sellers to " + a.Receiver(), Every: announceInterval, Wake: a.Woken(), Work: a.Deliver})
	}
	return loops
}
