package catalog_test

import (
	"context"
	"testing"
	"time"

	"bookstore/catalogsvc/internal/catalog"
)

// overdueHolds is a store with three overdue holds, of which one has just gone.
type overdueHolds struct {
	catalog.Store
	before time.Time
}

func (o *overdueHolds) OverdueHolds(_ context.Context, before time.Time, _ int) ([]string, error) {
	o.before = before
	return []string{"one", "gone", "two"}, nil
}

func (o *overdueHolds) ReleaseOverdue(_ context.Context, id string, before, _ time.Time) (bool, error) {
	return id != "gone" && before.Equal(o.before), nil
}

func TestHoldsAreGivenTenMinutesMore(t *testing.T) {
	now := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	store := &overdueHolds{}
	n, err := catalog.NewService(store, nil, nil, func() time.Time { return now }).ReleaseOverdue(t.Context())
	if err != nil || n != 2 || !store.before.Equal(now.Add(-10*time.Minute)) {
		t.Errorf("released %d, %v, of those before %v", n, err, store.before)
	}
}
