package verify

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// rule is something that must hold at every moment, as a query that finds what
// breaks it.
type rule struct {
	name   string
	things string           // what count counts, in the plural
	count  sq.SelectBuilder // how many things the rule is about
	broken sq.SelectBuilder // a row for each violation
	says   string           // what such a row says, a %s for each column
}

// apply adds the results of the rules on a snapshot.
func (r *Report) apply(ctx context.Context, s *snapshot, rules []rule) error {
	for _, rule := range rules {
		result, err := rule.apply(ctx, s)
		if err != nil {
			return err
		}
		r.Results = append(r.Results, result)
	}
	return nil
}

func (r rule) apply(ctx context.Context, s *snapshot) (Result, error) {
	result, err := r.counted(ctx, s)
	if err != nil {
		return result, err
	}
	return result, r.eachViolation(ctx, s, result.add)
}

func (r rule) counted(ctx context.Context, s *snapshot) (Result, error) {
	result := Result{Rule: r.name, Things: r.things}
	err := each(ctx, s, r.count, func(row *sql.Rows) error { return row.Scan(&result.Counted) })
	if err != nil {
		return result, fmt.Errorf("count for %q: %w", r.name, err)
	}
	return result, nil
}

func (r rule) eachViolation(ctx context.Context, s *snapshot, do func(violation string)) error {
	err := each(ctx, s, r.broken, func(row *sql.Rows) error {
		columns, err := row.Columns()
		if err != nil {
			return err
		}
		values := make([]any, len(columns))
		for i, column := range columns {
			values[i] = &text{isTime: strings.HasSuffix(column, "_at")}
		}
		if err := row.Scan(values...); err != nil {
			return err
		}
		do(fmt.Sprintf(r.says, values...))
		return nil
	})
	if err != nil {
		return fmt.Errorf("check %q: %w", r.name, err)
	}
	return nil
}

// text is any column for people to read.
type text struct {
	sql.NullString
	isTime bool // in microseconds
}

// String returns the column's value.
func (t *text) String() string {
	if !t.Valid {
		return "none"
	}
	if micros, err := strconv.ParseInt(t.NullString.String, 10, 64); err == nil && t.isTime {
		return sqldb.FromMicros(micros).Format(time.RFC3339)
	}
	return t.NullString.String
}

// checkSettled applies a rule that may be broken for a moment: what breaks it
// has to do so in the same way after the time settle, too.
func checkSettled(ctx context.Context, from *source, s *snapshot, settle time.Duration, r rule) (Result, error) {
	result, err := r.counted(ctx, s)
	if err != nil {
		return result, err
	}
	var suspects []string
	err = r.eachViolation(ctx, s, func(violation string) { suspects = append(suspects, violation) })
	if err != nil || len(suspects) == 0 {
		return result, err
	}
	select {
	case <-time.After(settle):
	case <-ctx.Done():
		return result, context.Cause(ctx)
	}
	later, err := from.snapshot(ctx)
	if err != nil {
		return result, err
	}
	defer later.Close()
	slices.Sort(suspects)
	err = r.eachViolation(ctx, later, func(violation string) {
		if _, same := slices.BinarySearch(suspects, violation); same {
			result.add(violation)
		}
	})
	return result, err
}

// each runs a query and calls do for each row.
func each(ctx context.Context, q sqldb.Querier, b sq.Sqlizer, do func(row *sql.Rows) error) error {
	query, args, err := b.ToSql()
	if err != nil {
		return fmt.Errorf("build query: %w", err)
	}
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("run query: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := do(rows); err != nil {
			return fmt.Errorf("read row: %w", err)
		}
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read rows: %w", err)
	}
	return nil
}
