package site

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gorilla/mux"
)

// Patterns of the ids in paths. What does not look like one is no page.
const (
	UUID   = "{id:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}"
	Number = "{id:[0-9]+}"
)

// OneOf returns text if it is one of those allowed, and "" otherwise.
func OneOf(text string, allowed []string) string {
	if slices.Contains(allowed, text) {
		return text
	}
	return ""
}

// Shorten cuts a text at a number of characters.
func Shorten(text string, limit int) string {
	if utf8.RuneCountInString(text) <= limit {
		return text
	}
	return string([]rune(text)[:limit])
}

// PathID returns the number in the path. One that no row can have is not found.
func PathID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(mux.Vars(r)["id"], 10, 64)
	if err != nil || id <= 0 {
		return 0, ErrNotFound
	}
	return id, nil
}

// NextURL returns the address of the list's next page: this one's with another
// cursor, or "" if there is none.
func NextURL(r *http.Request, cursor string) string {
	if cursor == "" {
		return ""
	}
	query := r.URL.Query()
	query.Set("cursor", cursor)
	return r.URL.Path + "?" + query.Encode()
}

// OwnPath turns an address on our own site into a path, so that visitors stay on
// the host name they came by. Others are returned as they are.
func (s *Site) OwnPath(address string) string {
	if path, ok := strings.CutPrefix(address, s.origin()); ok && strings.HasPrefix(path, "/") {
		return path
	}
	return address
}
