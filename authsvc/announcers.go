package main

import (
	"context"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// newAnnouncers returns what tells the other services of sellers.
func newAnnouncers(cfg config, announcements auth.AnnouncementStore) []*auth.Announcer {
	catalog := catalogapi.NewClient(cfg.Client("catalogsvc", cfg.CatalogURL, 0))
	shop := shopapi.NewClient(cfg.Client("shopsvc", cfg.ShopURL, 0))
	return []*auth.Announcer{
		auth.NewAnnouncer(announcements, auth.CatalogReceiver, func(ctx context.Context, s auth.Seller) error {
			return catalog.PutSeller(ctx, s.UserID, catalogapi.Seller{Name: s.Name, MaySell: s.MaySell, Version: s.Version})
		}, time.Now),
		auth.NewAnnouncer(announcements, auth.ShopReceiver, func(ctx context.Context, s auth.Seller) error {
			return shop.PutSeller(ctx, s.UserID, shopapi.Seller{MaySell: s.MaySell, Version: s.Version})
		}, time.Now),
	}
}
