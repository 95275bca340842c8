package auth

import (
	"context"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"time"

	"bookstore/shared/text"
)

// Origin is where somebody asks from who need not be signed in.
type Origin struct {
	Address netip.Addr // zero: not known, or not to be counted
	Device  Device
}

// Device is a browser that the web shop recognises.
type Device struct {
	ID    string    // "" if it is not known
	Since time.Time // when the shop saw it first
}

// Tally counts what somebody does, and forgets one of it after each pause.
type Tally struct {
	Key  string        // a digest of what is counted, and whose
	Most int           // what is more is not counted
	Each time.Duration // after which one is forgotten
}

// Count is what a tally says.
type Count struct {
	EmptyAt time.Time // when all is forgotten
	LastAt  time.Time // when one was counted last
}

// limit says how many wrong passwords cost nothing, how soon one is forgotten, and
// how long the wait gets that doubles with each further one.
type limit struct {
	free    int
	each    time.Duration
	longest time.Duration
}

// The limits of wrong passwords. Whoever tries them from many places slows an
// account's sign-ins down by no more than the longest wait for an account.
var (
	accountLimit = limit{free: 5, each: 2 * time.Minute, longest: 30 * time.Second}
	deviceLimit  = limit{free: 10, each: time.Minute, longest: 5 * time.Minute}
	addressLimit = limit{free: 20, each: time.Minute, longest: time.Minute}
	networkLimit = limit{free: 100, each: 15 * time.Second, longest: 5 * time.Minute}
)

// doublings is how many waits of a limit there are: the last is above the longest.
const doublings = 10

// wait returns how long to wait after the last of so many wrong passwords.
func (l limit) wait(wrong int) time.Duration {
	if wrong < l.free {
		return 0
	}
	return min(l.longest, time.Second<<min(wrong-l.free, doublings))
}

// counter is one of the tallies of wrong passwords for one try.
type counter struct {
	Tally
	limit
}

func (l limit) of(kind, whose string) counter {
	return counter{Tally{Key: tallyKey(kind, whose), Most: l.free + doublings, Each: l.each}, l}
}

func tallyKey(kind, whose string) string { return digest(kind + " " + whose) }

// try is one try of a password.
type try struct {
	// own counts whoever tries. Waits begin with the last wrong password of it
	// and of nobody else, who could make them endless.
	own counter
	// since is when the wait began of whoever has not tried before.
	since time.Time
	// others count what others try as well.
	others []counter
	// networks are those whose waits begin with the last wrong password of all.
	networks []counter
	// forgiven are the tallies that a right password empties.
	forgiven []string
}

// newTry returns the try of a password from a device that signs in to the account
// for the first time, or that is not known.
func newTry(email string, from Origin) try {
	account := accountLimit.of("account", email)
	t := try{own: account, forgiven: []string{account.Key}}
	if from.Address.IsValid() {
		address := addressLimit.of("address", from.Address.String())
		t.own, t.others = address, []counter{account}
		for _, network := range networksOf(from.Address) {
			t.networks = append(t.networks, networkLimit.of("network", network))
		}
	}
	if from.Device.ID != "" {
		t.others = append(t.others, t.own)
		t.own, t.since = deviceLimit.of("device", from.Device.ID), from.Device.Since
	}
	return t
}

// knownTry returns the try of a password from where the account's owner was
// signed in before: nothing counts but what was tried from there.
func knownTry(email, place string) try {
	own := deviceLimit.of("known device", email+" "+place)
	return try{own: own, forgiven: []string{own.Key}}
}

// networksOf returns the networks around an address that one person may hold as
// a whole.
func networksOf(addr netip.Addr) []string {
	sizes := []int{24}
	if addr.Is6() {
		sizes = []int{64, 48}
	}
	var networks []string
	for _, bits := range sizes {
		if network, err := addr.Prefix(bits); err == nil {
			networks = append(networks, network.String())
		}
	}
	return networks
}

func (t try) tallies() []Tally {
	tallies := []Tally{t.own.Tally}
	for _, c := range slices.Concat(t.others, t.networks) {
		tallies = append(tallies, c.Tally)
	}
	return tallies
}

// wait returns how long it takes until the password may be tried.
func (t try) wait(counts map[string]Count, now time.Time) time.Duration {
	until := func(c counter, since time.Time) time.Duration {
		wrong := int(math.Ceil(float64(counts[c.Key].EmptyAt.Sub(now)) / float64(c.each)))
		wait := c.limit.wait(wrong)
		if wait == 0 {
			return 0
		}
		return since.Add(wait).Sub(now)
	}
	since := t.since
	if last := counts[t.own.Key].LastAt; last.After(since) {
		since = last
	}
	longest := until(t.own, since)
	for _, c := range t.others {
		longest = max(longest, until(c, since))
	}
	for _, c := range t.networks {
		longest = max(longest, until(c, counts[c.Key].LastAt))
	}
	return longest
}

// tryOf returns the try of a password for an account, which is zero for an
// address that has none and is treated like any other.
func (s *Service) tryOf(ctx context.Context, account Account, email string, from Origin) (try, error) {
	email = text.EmailKey(email)
	known, err := s.store.IsKnownDevice(ctx, account.ID, deviceHash(from.Device))
	if err != nil {
		return try{}, fmt.Errorf("look for a known device: %w", err)
	}
	if known && from.Device.ID != "" {
		return knownTry(email, from.Device.ID), nil
	}
	return newTry(email, from), nil
}

// deviceHash is what is kept of a device.
func deviceHash(d Device) string {
	if d.ID == "" {
		return ""
	}
	return digest(d.ID)
}

// checkPassword reports whether hash, which was made of password, should be made
// again. It returns ErrBadCredentials if it was made of another, and
// ErrTooManyAttempts without a look while whoever tries has to wait.
func (s *Service) checkPassword(ctx context.Context, t try, password, hash string) (stale bool, err error) {
	if _, err := s.mayTry(ctx, t); err != nil {
		return false, err
	}
	var counted []string
	match, err := s.hasher.Compare(ctx, password, hash, func() (err error) {
		counted, err = s.mayTry(ctx, t) // many may have come at once, and waited for their turn
		return err
	})
	if err != nil {
		return false, err
	}
	if match == NoMatch {
		if err := s.store.CountAll(ctx, t.tallies(), s.now()); err != nil {
			return false, fmt.Errorf("count a wrong password: %w", err)
		}
		return false, ErrBadCredentials
	}
	if err := s.store.EmptyTallies(ctx, counted); err != nil {
		return false, fmt.Errorf("forget wrong passwords: %w", err)
	}
	return match == StaleMatch, nil
}

// mayTry returns which of the tallies that a right password empties count any
// wrong ones, or ErrTooManyAttempts.
func (s *Service) mayTry(ctx context.Context, t try) (counted []string, err error) {
	tallies := t.tallies()
	keys := make([]string, len(tallies))
	for i, tally := range tallies {
		keys[i] = tally.Key
	}
	counts, err := s.store.Counts(ctx, keys)
	if err != nil {
		return nil, fmt.Errorf("count wrong passwords: %w", err)
	}
	if wait := t.wait(counts, s.now()); wait > 0 {
		return nil, tooMany(wait)
	}
	for _, key := range t.forgiven {
		if _, ok := counts[key]; ok {
			counted = append(counted, key)
		}
	}
	return counted, nil
}

func tooMany(wait time.Duration) error {
	return ErrTooManyAttempts.With("retry_after", int(math.Ceil(wait.Seconds())))
}

// wish is what strangers ask for: so often at once from one network, and then once
// after each pause.
type wish struct {
	name  string
	most  int
	pause time.Duration
}

// An account tells whether its address was taken; a mail troubles somebody.
var (
	wishForAccount = wish{"register", 500, 10 * time.Second}
	wishForReset   = wish{"reset", 30, 2 * time.Minute}
)

// takeTurn counts a wish, or returns ErrTooManyAttempts. The larger network around
// an address of IPv6 may have twice as many.
func (s *Service) takeTurn(ctx context.Context, w wish, from Origin) error {
	if !from.Address.IsValid() {
		return nil
	}
	var tallies []Tally
	for i, network := range networksOf(from.Address) {
		tallies = append(tallies, Tally{Key: tallyKey(w.name, network), Most: w.most << i, Each: w.pause >> i})
	}
	wait, err := s.store.Take(ctx, tallies, s.now())
	if err != nil {
		return fmt.Errorf("count a wish to %s: %w", w.name, err)
	}
	if wait > 0 {
		return tooMany(wait)
	}
	return nil
}
