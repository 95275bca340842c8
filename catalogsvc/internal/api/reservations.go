package api

import (
	"context"
	"net/http"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/catalogapi"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerReservations(api huma.API) {
	const path = "/internal/reservations/{id}"
	huma.Register(api, huma.Operation{
		OperationID: "reserve", Method: http.MethodPut, Path: path,
		Summary: "Hold copies for an order, all or nothing",
	}, h.reserve)
	huma.Register(api, huma.Operation{
		OperationID: "release-reservation", Method: http.MethodDelete, Path: path,
		Summary: "Give held copies back",
	}, h.release)
	huma.Register(api, huma.Operation{
		OperationID: "commit-reservation", Method: http.MethodPost, Path: path + "/commit",
		Summary: "Make held copies a sale",
	}, h.commit)
	huma.Register(api, huma.Operation{
		OperationID: "restock", Method: http.MethodPost, Path: path + "/restock",
		Summary: "Give sold copies back", DefaultStatus: http.StatusNoContent,
	}, h.restock)
}

// ReservationID is the path of a reservation. It is exported because huma reads
// no unexported embedded structs.
type ReservationID struct {
	ID string `path:"id" minLength:"1" maxLength:"36" pattern:"^[A-Za-z0-9-]+$"`
}

type reserveInput struct {
	ReservationID
	Body catalogapi.Reserve
}

func (h *handler) reserve(ctx context.Context, in *reserveInput) (*answer[catalogapi.Reservation], error) {
	lines := make([]catalog.Line, len(in.Body.Lines))
	for i, l := range in.Body.Lines {
		lines[i] = catalog.Line{BookID: l.BookID, Quantity: l.Quantity, Price: l.Price}
	}
	r, err := h.catalog.Reserve(ctx, catalog.Reservation{ID: in.ID, ExpiresAt: in.Body.ExpiresAt, Lines: lines})
	if err != nil {
		return nil, err
	}
	return answerWith(toReservation(r)), nil
}

func (h *handler) commit(ctx context.Context, in *ReservationID) (*answer[catalogapi.Reservation], error) {
	r, err := h.catalog.Commit(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return answerWith(toReservation(r)), nil
}

func (h *handler) release(ctx context.Context, in *ReservationID) (*struct{}, error) {
	return nil, h.catalog.Release(ctx, in.ID)
}

type restockInput struct {
	ReservationID
	Body catalogapi.Restock
}

func (h *handler) restock(ctx context.Context, in *restockInput) (*struct{}, error) {
	lines := make([]catalog.Return, len(in.Body.Lines))
	for i, l := range in.Body.Lines {
		lines[i] = catalog.Return{BookID: l.BookID, Quantity: l.Quantity}
	}
	return nil, h.catalog.Restock(ctx, in.ID, in.Body.Key, lines)
}

func toReservation(r catalog.Reservation) catalogapi.Reservation {
	lines := make([]catalogapi.ReservationLine, len(r.Lines))
	for i, l := range r.Lines {
		lines[i] = catalogapi.ReservationLine{BookID: l.BookID, Quantity: l.Quantity, Price: l.Price}
	}
	return catalogapi.Reservation{ID: r.ID, State: string(r.State), ExpiresAt: r.ExpiresAt, Lines: lines}
}
