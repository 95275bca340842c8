// Package seal chains the events of an order, and the entries of an audit log,
// by HMAC-SHA256, under a key that the database does not hold: whoever can write
// the database but does not know the key can't change, insert or drop one
// unnoticed. The services that write them and the command that verifies them
// share it, so that they can't differ in what a seal is of.
package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Versions of seals. Releases of different versions may add to one chain: each
// event says by which it was sealed.
const (
	VersionText   = 0 // of Text, which is a code or what a person wrote
	VersionDigest = 1 // of Code and NoteDigest
	Latest        = VersionDigest
)

// Event is one thing that happened to an order: the columns of the table
// order_events that a seal is of.
type Event struct {
	Version    int // of the seal
	OrderID    string
	Seq        int64 // 1, 2, … within the order
	At         time.Time
	Actor      string // role of who made it happen
	ActorID    int64
	Subject    string // what kind of thing changed
	SubjectID  string
	ShipmentID string // the shipment that it concerns, if it concerns one
	From, To   string // states
	Text       string // of VersionText
	Code       string // of VersionDigest, as is NoteDigest
	NoteDigest string // see the function; empty if there never was a note
}

// Seal returns the seal of e, in hex, after the event of the same order that
// was sealed with before; before is empty for the first. The seal is the
// HMAC-SHA256 of a JSON array of before and e's fields in their order, without
// those of other versions; the instant is in microseconds since 1970. An event
// of a version that nobody knows has no seal, which is "".
func (k Key) Seal(before string, e Event) string {
	what := []any{e.OrderID, e.Seq, e.At.UnixMicro(), e.Actor, e.ActorID, e.Subject, e.SubjectID, e.ShipmentID, e.From, e.To}
	switch e.Version {
	case VersionText:
		what = append([]any{before}, append(what, e.Text)...)
	case VersionDigest:
		what = append([]any{before, e.Version}, append(what, e.Code, e.NoteDigest)...)
	default:
		return ""
	}
	return k.mac(what)
}

// mac returns the HMAC-SHA256 of the JSON of what, in hex.
func (k Key) mac(what []any) string {
	text, err := json.Marshal(what)
	if err != nil {
		panic(err) // strings and numbers can be encoded
	}
	mac := hmac.New(sha256.New, k)
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}
