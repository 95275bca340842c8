package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/apierr"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// errTaken says that a reservation of this id exists, errUnobstructed that what
// stood in the way of one has gone away.
var (
	errTaken        = errors.New("reservation exists")
	errUnobstructed = errors.New("obstacle passed")
)

// Reserve implements catalog.Store. It looks for an earlier call of the same
// id only when something stands in its way, for nearly all ids are new.
func (s *Store) Reserve(ctx context.Context, r catalog.Reservation, at time.Time) (catalog.Reservation, error) {
	r.State = catalog.Held
	r.ExpiresAt = sqldb.FromMicros(sqldb.Micros(r.ExpiresAt))
	r.Lines = slices.Clone(r.Lines)
	for attempt := 1; ; attempt++ {
		err := s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error { return reserve(ctx, tx, r, at) })
		if err == nil {
			catalog.SortLines(r.Lines)
			return r, nil
		}
		if !errors.Is(err, errTaken) && !errors.Is(err, errUnobstructed) && !errors.Is(err, catalog.ErrLinesChanged) {
			return catalog.Reservation{}, err
		}
		if old, found := s.repeated(ctx, r, at); !errors.Is(found, catalog.ErrReservationNotFound) {
			return old, found
		}
		if attempt == 3 || !errors.Is(err, errUnobstructed) {
			return catalog.Reservation{}, err
		}
	}
}

// repeated returns the reservation that exists under r's id, prolonged to r's
// time if it is still held. It returns ErrReservationNotFound if there is none.
func (s *Store) repeated(ctx context.Context, r catalog.Reservation, at time.Time) (catalog.Reservation, error) {
	old, err := reservation(ctx, s.db.Writer(), r.ID)
	switch {
	case err != nil:
		return old, err
	case old.State == catalog.Released:
		return old, catalog.ErrReservationReleased
	case !catalog.SameLines(old.Lines, r.Lines):
		return old, catalog.ErrReservationDiffers
	case old.State == catalog.Committed || !r.ExpiresAt.After(old.ExpiresAt):
		return old, nil
	}
	_, err = sqldb.Exec(ctx, s.db.Writer(), sq.Update("reservations").
		Set("expires_at", sqldb.Micros(r.ExpiresAt)).
		Set("updated_at", sqldb.Micros(at)).
		Where(sq.Eq{"id": r.ID, "state": catalog.Held}).
		Where(sq.Lt{"expires_at": sqldb.Micros(r.ExpiresAt)}))
	if err != nil {
		return old, fmt.Errorf("prolong the hold: %w", err)
	}
	old, err = reservation(ctx, s.db.Writer(), r.ID)
	if err == nil && old.State == catalog.Released {
		return old, catalog.ErrReservationReleased
	}
	return old, err
}

// reserve takes the copies first, in book order: contested rows are locked for
// as short as can be, and two reservations never wait for each other.
func reserve(ctx context.Context, tx *sqldb.Tx, r catalog.Reservation, at time.Time) error {
	var refused []int
	for _, i := range inBookOrder(r.Lines) {
		line := r.Lines[i]
		n, err := sqldb.Exec(ctx, tx, sq.Update("books").
			Set("stock", sq.Expr("stock - ?", line.Quantity)).
			Where(sq.Eq{"id": line.BookID, "price": line.Price, "delisted_at": nil}).
			Where(sq.GtOrEq{"stock": line.Quantity}))
		if err != nil {
			return fmt.Errorf("take copies of book %d: %w", line.BookID, err)
		}
		if n == 0 {
			refused = append(refused, i)
		}
	}
	if len(refused) > 0 {
		return refusal(ctx, tx, r.Lines, refused)
	}
	if err := insertReservation(ctx, tx, r, at); err != nil {
		return err
	}
	moves := movesOf(r.Lines, func(l catalog.Line) move {
		return move{kind: catalog.MoveReserved, stock: -l.Quantity, held: l.Quantity}
	})
	return insertMoves(ctx, tx, origin{r.ID, catalog.ActorShop, at}, moves...)
}

// inBookOrder returns the indexes of lines by book.
func inBookOrder(lines []catalog.Line) []int {
	order := make([]int, len(lines))
	for i := range lines {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(lines[i].BookID, lines[j].BookID) })
	return order
}

// refusal says for each refused line why. The transaction changed none of
// their books.
func refusal(ctx context.Context, tx *sqldb.Tx, lines []catalog.Line, refused []int) error {
	slices.Sort(refused)
	var fields []apierr.FieldError
	for _, i := range refused {
		now, err := bookIfAny(ctx, tx, lines[i].BookID)
		if err != nil {
			return err
		}
		if field, still := lines[i].Refuse(i, now); still {
			fields = append(fields, field)
		}
	}
	if len(fields) == 0 {
		return errUnobstructed
	}
	return catalog.ErrLinesChanged.WithFields(fields...)
}

func bookIfAny(ctx context.Context, tx *sqldb.Tx, id int64) (*catalog.Book, error) {
	b, err := book(ctx, tx, id)
	if errors.Is(err, catalog.ErrBookNotFound) {
		return nil, nil
	}
	return &b, err
}

func insertReservation(ctx context.Context, tx *sqldb.Tx, r catalog.Reservation, at time.Time) error {
	insert := sq.Insert("reservations").
		Columns("id", "state", "expires_at", "created_at", "updated_at").
		Values(r.ID, r.State, sqldb.Micros(r.ExpiresAt), sqldb.Micros(at), sqldb.Micros(at))
	_, err := sqldb.Exec(ctx, tx, insert)
	if sqldb.IsDuplicate(err) {
		return errTaken
	}
	if err != nil {
		return fmt.Errorf("insert the reservation: %w", err)
	}
	if len(r.Lines) == 0 {
		return nil
	}
	lines := sq.Insert("reservation_lines").Columns("reservation_id", "book_id", "quantity", "price")
	for _, line := range r.Lines {
		lines = lines.Values(r.ID, line.BookID, line.Quantity, line.Price)
	}
	if _, err := sqldb.Exec(ctx, tx, lines); err != nil {
		return fmt.Errorf("insert the reservation's lines: %w", err)
	}
	return nil
}

// reservation reads one with its lines, in book order.
func reservation(ctx context.Context, q sqldb.Querier, id string) (catalog.Reservation, error) {
	r := catalog.Reservation{ID: id}
	query := sq.Select("state", "expires_at").From("reservations").Where(sq.Eq{"id": id})
	r, err := sqldb.QueryOne(ctx, q, query, func(row sqldb.Row) (catalog.Reservation, error) {
		var expires int64
		err := row.Scan(&r.State, &expires)
		r.ExpiresAt = sqldb.FromMicros(expires)
		return r, err
	})
	if errors.Is(err, sqldb.ErrNotFound) {
		return r, catalog.ErrReservationNotFound
	}
	if err != nil {
		return r, fmt.Errorf("read the reservation: %w", err)
	}
	lines := sq.Select("book_id", "quantity", "price").From("reservation_lines").
		Where(sq.Eq{"reservation_id": id}).OrderBy("book_id")
	r.Lines, err = sqldb.QueryAll(ctx, q, lines, func(row sqldb.Row) (l catalog.Line, err error) {
		err = row.Scan(&l.BookID, &l.Quantity, &l.Price)
		return l, err
	})
	if err != nil {
		return r, fmt.Errorf("read the reservation's lines: %w", err)
	}
	return r, nil
}

// movesOf returns one ledger row for each line.
func movesOf(lines []catalog.Line, of func(catalog.Line) move) []move {
	moves := make([]move, len(lines))
	for i, line := range lines {
		moves[i] = of(line)
		moves[i].bookID = line.BookID
	}
	return moves
}
