package api

import (
	"net/http"
	"strings"

	"bookstore/shared/httpserver"
)

// classOf says how urgent a request is. What the other programs live on never
// waits, and what hashes a password holds up nothing else.
func classOf(r *http.Request) httpserver.Class {
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/internal/"), strings.HasPrefix(path, "/.well-known/"):
		return httpserver.Unqueued
	case r.Method == http.MethodPost && (path == "/v1/sessions" || path == "/v1/users" || path == "/v1/users/me/password"):
		return httpserver.Heavy
	}
	return httpserver.Browsing
}
