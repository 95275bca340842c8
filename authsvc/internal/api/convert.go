package api

import (
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/authapi"
	"bookstore/shared/mail"
	"bookstore/shared/page"
	"bookstore/shared/token"
)

// Conversions between the wire and the domain: toX returns what is sent, fromX
// what was received.

func toUser(u auth.User) authapi.User {
	return authapi.User{
		ID:         u.ID,
		Email:      u.Email,
		Name:       u.Name,
		Role:       u.Role,
		Status:     string(u.Status),
		SellerName: u.SellerName,
		Language:   u.Language,
		CreatedAt:  u.CreatedAt,
	}
}

// toUserForAdmins also says which accounts are the same to people.
func toUserForAdmins(u auth.User) authapi.User {
	user := toUser(u)
	user.SameEmailAs, user.SameSellerNameAs = u.SameEmailAs, u.SameSellerNameAs
	return user
}

func toUsers(users page.Page[auth.User]) authapi.Users { return page.Map(users, toUserForAdmins) }

func toGrant(g auth.Grant) authapi.Grant {
	return authapi.Grant{
		AccessToken:  g.AccessToken,
		ExpiresAt:    g.ExpiresAt,
		RefreshToken: g.RefreshToken,
		User:         toUser(g.User),
	}
}

func toSessions(sessions []auth.Session, who auth.Caller) authapi.Sessions {
	items := make([]authapi.Session, len(sessions))
	for i, s := range sessions {
		items[i] = authapi.Session{
			ID:         s.ID,
			UserAgent:  s.UserAgent,
			CreatedAt:  s.CreatedAt,
			LastUsedAt: s.LastUsedAt,
			Current:    s.ID == who.SessionID,
		}
	}
	return authapi.Sessions{Items: items}
}

func toContacts(users []auth.User) authapi.Contacts {
	items := make([]authapi.Contact, len(users))
	for i, u := range users {
		items[i] = authapi.Contact{ID: u.ID, Email: u.Email, Name: u.Name, SellerName: u.SellerName, Language: u.Language}
	}
	return authapi.Contacts{Items: items}
}

func toMails(mails page.Page[mail.Composed]) authapi.Mails {
	return page.Map(mails, func(m mail.Composed) authapi.Mail {
		return authapi.Mail{
			ID: m.ID, To: m.To.Email, Subject: m.Subject, Text: m.Text, CreatedAt: m.CreatedAt,
			State: string(m.State()), SentAt: optionalTime(m.SentAt), NextAt: optionalTime(m.NextAt), Attempts: m.Attempts, Once: m.Once,
		}
	})
}

func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func toRevocations(sessionIDs []string) authapi.Revocations {
	return authapi.Revocations{SessionIDs: sessionIDs}
}

func fromUserQuery(q authapi.UserQuery) auth.UserQuery {
	return auth.UserQuery{Text: q.Q, Role: token.Role(q.Role), Limit: q.Limit, Cursor: q.Cursor}
}

func fromProfile(p authapi.Profile) auth.ProfileChange {
	return auth.ProfileChange{Name: p.Name, Email: p.Email, SellerName: p.SellerName, Language: p.Language}
}

func fromAdminUpdate(u authapi.AdminUpdate) auth.AccessChange {
	return auth.AccessChange{Role: u.Role, Status: (*auth.Status)(u.Status)}
}
