// Package audit describes the log of what admins and sellers change: who, when,
// from where, and what was before and after. Each service keeps its own, see
// package auditstore. Entries are chained per object by seals; people's words and
// their network address are sealed by digest, so that they can be erased.
package audit

// Actor is who makes a change.
type Actor struct {
	Role string
	ID   int64 // of the account
}

// Values are columns of an object by their names, as text.
type Values map[string]string

// Change is what somebody does to an object, or to many at once.
type Change struct {
	Actor            Actor
	Object, ObjectID string
	Action           string
	Before, After    Values
}

// Differs leaves in Before and After what is not the same in both, and reports
// whether that is anything.
func (c *Change) Differs() bool {
	c.Before, c.After = c.Before.unlike(c.After), c.After.unlike(c.Before)
	return len(c.Before)+len(c.After) > 0
}

// unlike returns those of v that others have differently or not at all.
func (v Values) unlike(others Values) Values {
	unlike := Values{}
	for name, value := range v {
		if other, ok := others[name]; !ok || other != value {
			unlike[name] = value
		}
	}
	return unlike
}
