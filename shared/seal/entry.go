package seal

import "time"

// auditVersion is how entries of audit logs are sealed.
const auditVersion = 1

// Entry is one change of an object: what a seal of an audit log is of.
type Entry struct {
	Object, ObjectID string
	Seq              int64 // 1, 2, … within the object
	At               time.Time
	Actor            string // role of who made the change
	ActorID          int64
	Action           string
	BeforeDigest     string // see NoteDigest; so are the others
	AfterDigest      string
	AddressDigest    string
}

// SealEntry returns the seal of e, in hex, after the entry of the same object
// that was sealed with before; before is empty for the first. It is never that
// of an order's event.
func (k Key) SealEntry(before string, e Entry) string {
	return k.mac([]any{
		"audit", auditVersion, before, e.Object, e.ObjectID, e.Seq, e.At.UnixMicro(), e.Actor, e.ActorID, e.Action,
		e.BeforeDigest, e.AfterDigest, e.AddressDigest,
	})
}
