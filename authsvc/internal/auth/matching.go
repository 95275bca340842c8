package auth

import "context"

// matchBatch accounts are looked at in every step of a round through all.
const matchBatch = 500

// Matcher makes the keys by which addresses and sellers' names are compared,
// for accounts that have none or others' than theirs: the release before this
// one writes accounts without. Two accounts that turn out to be the same to
// people both stay; the later in the round is marked for admins, and is signed
// in to by its exact address only. Any number of instances may run at once.
//
// Until an account is matched, another may take an address or a name that is
// the same to people but spelled otherwise; then one of the two is marked.
type Matcher struct {
	store Store
	last  int64 // the last account of the round
}

// NewMatcher returns a matcher that begins with the first account.
func (s *Service) NewMatcher() *Matcher { return &Matcher{store: s.store} }

// Match takes a step through all accounts and reports whether some are left in
// this round.
func (m *Matcher) Match(ctx context.Context) (more bool, err error) {
	m.last, err = m.store.MatchAccounts(ctx, m.last, matchBatch)
	return m.last > 0 && err == nil, err
}
