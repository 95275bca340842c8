package api

import (
	"net/http"
	"slices"
	"strings"

	"bookstore/shared/httpserver"
)

// hashing are the paths to which a password is sent.
var hashing = []string{"/v1/sessions", "/v1/users", "/v1/users/me/password", "/v1/password-resets/redeem"}

// classOf says how urgent a request is. What the other programs live on never
// waits, and what hashes a password holds up nothing else.
func classOf(r *http.Request) httpserver.Class {
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/internal/"), strings.HasPrefix(path, "/.well-known/"):
		return httpserver.Unqueued
	case r.Method == http.MethodPost && slices.Contains(hashing, path):
		return httpserver.Heavy
	}
	return httpserver.Browsing
}
