// Package auditapi holds the wire types of the audit logs that the services keep;
// see package audit.
package auditapi

import (
	"time"

	"bookstore/shared/audit"
	"bookstore/shared/page"
)

// Entry is a change as the log has it.
type Entry struct {
	ID       int64        `json:"id"`
	At       time.Time    `json:"at"`
	Actor    string       `json:"actor" doc:"role of who made the change"`
	ActorID  int64        `json:"actor_id"`
	Address  string       `json:"address,omitempty" doc:"network address that the change came from; empty if it is not known or was erased"`
	Object   string       `json:"object" doc:"kind of what was changed"`
	ObjectID string       `json:"object_id"`
	Action   string       `json:"action"`
	Before   audit.Values `json:"before" nullable:"false" doc:"what differed, by name"`
	After    audit.Values `json:"after" nullable:"false"`
}

// Query selects entries, the latest first. What is not set selects all.
type Query struct {
	ActorID  int64     `query:"actor_id" minimum:"0"`
	Object   string    `query:"object" maxLength:"30"`
	ObjectID string    `query:"object_id" maxLength:"60"`
	Since    time.Time `query:"since" doc:"from this instant on"`
	Until    time.Time `query:"until" doc:"before this instant"`
	Limit    int       `query:"limit" minimum:"1" maximum:"100" default:"24"`
	Cursor   string    `query:"cursor" maxLength:"500"`
}

// Entries is one page of entries.
type Entries = page.Page[Entry]
