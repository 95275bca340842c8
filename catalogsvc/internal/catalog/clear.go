package catalog

import (
	"context"
	"errors"
	"fmt"
)

// maxCleared bounds how many listings one call of ClearBooks takes off.
const maxCleared = 200

// ClearBooks takes listings off the shop, whoever's they are, for an admin of a
// shop whose settings allow it. It returns how many it took off; none are left
// when that is 0. Orders keep their copies.
func (s *Service) ClearBooks(ctx context.Context, who Caller, allowed bool) (int, error) {
	switch {
	case who.signedIn() != nil:
		return 0, ErrUnauthenticated
	case !who.isAdmin():
		return 0, ErrAdminsOnly
	case !allowed:
		return 0, ErrSettingForbids.With("setting", "ALLOW_RESET")
	}
	ids, err := s.store.Listed(ctx, maxCleared)
	if err != nil {
		return 0, fmt.Errorf("look for listings: %w", err)
	}
	for _, id := range ids {
		err := s.store.DelistBook(ctx, id, UserActor(who.UserID), s.now())
		if err != nil && !errors.Is(err, ErrBookNotFound) {
			return 0, fmt.Errorf("delist book %d: %w", id, err)
		}
	}
	s.finder.Wrote(ctx)
	return len(ids), nil
}
