package catalog

import (
	"context"
	"fmt"
	"log/slog"
)

// Seller is the owner of listings by the name that readers see.
type Seller struct {
	ID   int64
	Name string
}

// SellerState is what authsvc says of a seller.
type SellerState struct {
	Seller
	MaySell bool  // false: the listings are off the shop, and come back with it
	Version int64 // grows with each change; an older word changes nothing
}

// PutSeller takes authsvc's word on a seller. It may be repeated.
func (s *Service) PutSeller(ctx context.Context, state SellerState) error {
	if err := s.store.PutSeller(ctx, state, s.now()); err != nil {
		return fmt.Errorf("take the word on seller %d: %w", state.ID, err)
	}
	s.finder.Wrote(ctx)
	return nil
}

// sellerName returns the name on the caller's listings: what authsvc told, else
// the account's, else the one known from before, else the caller's own.
func (s *Service) sellerName(ctx context.Context, who Caller) string {
	known, err := s.store.Seller(ctx, who.UserID)
	if err == nil && known.Version > 0 {
		return known.Name
	}
	name, err := s.accounts.SellerName(ctx, who.UserID)
	if err == nil && name != "" {
		return name
	}
	if err != nil {
		slog.WarnContext(ctx, "seller's name not looked up", "seller", who.UserID, "error", err)
	}
	if known.Name != "" {
		return known.Name
	}
	return who.Name
}
