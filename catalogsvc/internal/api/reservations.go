package api

import (
	"context"

	"bookstore/shared/catalogapi"
	"bookstore/shared/jsonapi"

	"github.com/danielgtaylor/huma/v2"
)

// registerReservations registers what the shop calls. Who it is, the service
// key has proven.
func (h *handler) registerReservations(api huma.API) {
	jsonapi.Handle(api, "PUT /internal/reservations/{id}", "reserve", "Hold copies for an order, all or nothing", h.reserve)
	jsonapi.Handle(api, "DELETE /internal/reservations/{id}", "release-reservation", "Give held copies back", h.releaseReservation)
	jsonapi.Handle(api, "POST /internal/reservations/{id}/commit", "commit-reservation", "Make held copies a sale", h.commitReservation)
	jsonapi.Handle(api, "POST /internal/reservations/{id}/restock", "restock", "Give sold copies back", h.restock)
}

// ReservationID is the path of a reservation.
type ReservationID struct {
	ID string `path:"id" minLength:"1" maxLength:"36" pattern:"^[A-Za-z0-9-]+$"`
}

func (h *handler) reserve(ctx context.Context, in *struct {
	ReservationID
	Body catalogapi.Reserve
}) (*jsonapi.Body[catalogapi.Reservation], error) {
	r, err := h.catalog.Reserve(ctx, fromReserve(in.ID, in.Body))
	return jsonapi.Answer(r, err, toReservation)
}

func (h *handler) commitReservation(ctx context.Context, in *ReservationID) (*jsonapi.Body[catalogapi.Reservation], error) {
	r, err := h.catalog.Commit(ctx, in.ID)
	return jsonapi.Answer(r, err, toReservation)
}

func (h *handler) releaseReservation(ctx context.Context, in *ReservationID) (*struct{}, error) {
	return nil, h.catalog.Release(ctx, in.ID)
}

func (h *handler) restock(ctx context.Context, in *struct {
	ReservationID
	Body catalogapi.Restock
}) (*struct{}, error) {
	return nil, h.catalog.Restock(ctx, in.ID, in.Body.Key, fromRestockLines(in.Body.Lines))
}
