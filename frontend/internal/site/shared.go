package site

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"bookstore/frontend/internal/pagecache"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/httpclient"
	"bookstore/shared/i18n"
	"bookstore/shared/token"

	"github.com/a-h/templ"
)

// SharedPage is a page, with its parts, that is the same for everybody but for what
// the layout shows of the visitor. It is made once for all who ask for it within
// a moment.
type SharedPage struct {
	// Address is path and query, with nothing in the query that the page does
	// not depend on.
	Address string
	// Country is where books are to be sent, if the page depends on it.
	Country string
	// Header goes with the answer.
	Header map[string]string
	// Make makes the page from answers under ctx, which are the same for
	// everybody. It may depend on nothing but the fields above, on what the layout
	// shows without the visitor, and on whether the visitor is the owner of what
	// the page shows.
	Make func(ctx context.Context, layout ui.Page, isOwner bool) (Made, error)
}

// Made is a SharedPage that was made.
type Made struct {
	Status int
	Owner  int64           // the user who sees another page, on which they can change it; 0: nobody
	Full   templ.Component // the whole page
	Part   templ.Component // what is asked for of it, nil if there is only the page
}

// view is what a SharedPage depends on besides its fields.
type view struct {
	words   *i18n.Translator
	theme   string
	part    bool
	admin   bool // whether the navigation leads to the pages of admins
	isOwner bool
}

// RenderShared answers with a page that is the same for everybody, or its part, and
// what is the visitor's own around it.
func (s *Site) RenderShared(w http.ResponseWriter, r *http.Request, shared SharedPage) error {
	v := visitorFrom(r.Context())
	seen := view{words: v.words, part: IsPartial(r)}
	if !seen.part {
		seen.theme, seen.admin = v.theme, UserFrom(r).IsAdmin()
	}
	page, err := s.sharedPage(r, shared, seen)
	if err != nil {
		return err
	}
	if user := UserFrom(r); user != nil && user.ID == page.Owner {
		seen.isOwner = true
		if page, err = s.sharedPage(r, shared, seen); err != nil {
			return err
		}
	}
	for name, value := range shared.Header {
		w.Header().Set(name, value)
	}
	if seen.part {
		return s.writeForAll(w, r, page)
	}
	layout := s.Page(r, "")
	layout.Here = shared.Address
	if visitorFrom(r.Context()).counted {
		s.KeepCartCount(w, r, layout.CartCount)
	}
	if layout.User == nil && layout.CartCount == 0 && layout.Flash == nil {
		return s.writeForAll(w, r, page)
	}
	return s.writeAround(w, r, page, layout)
}

// sharedPage returns a page as it is for everybody who sees it so.
func (s *Site) sharedPage(r *http.Request, shared SharedPage, seen view) (*pagecache.Page, error) {
	v := visitorFrom(r.Context())
	ctx := httpclient.WithBearer(v.calls, "") // the answers are for everybody
	return s.pages.Get(ctx, pagecache.Wish{
		Key: shared.key(seen), Fresh: v.fresh,
		Stale: v.session == nil || v.session.User.Role == token.Buyer,
		Make: func(ctx context.Context) (*pagecache.Page, error) {
			layout := ui.Page{Translator: seen.words, Theme: seen.theme, Here: shared.Address, OwnMark: ownMark}
			if seen.admin {
				layout.User = &ui.User{Role: token.Admin} // any of them
			}
			made, err := shared.Make(ctx, layout, seen.isOwner)
			if err != nil {
				return nil, err
			}
			return finish(ctx, made, layout, seen.part)
		},
	})
}

// key names a page and all that it depends on. Nothing before the address may
// have a blank in it.
func (p SharedPage) key(seen view) string {
	return strings.Join([]string{
		seen.words.Lang(), seen.theme, p.Country,
		strconv.FormatBool(seen.part), strconv.FormatBool(seen.admin), strconv.FormatBool(seen.isOwner), p.Address,
	}, " ")
}

// ownMark stands on shared pages where the visitor's own is put. Nobody can know
// it, and so write it into a book.
var ownMark = "<!-- " + rand.Text() + " -->"

// finish renders what was made.
func finish(ctx context.Context, made Made, layout ui.Page, part bool) (*pagecache.Page, error) {
	if part && made.Part != nil {
		body, err := rendered(ctx, made.Part)
		if err != nil {
			return nil, err
		}
		return pagecache.New(made.Status, body, nil, nil, nil), nil
	}
	body, err := rendered(ctx, made.Full)
	if err != nil {
		return nil, err
	}
	pieces := bytes.Split(body, []byte(ownMark))
	if len(pieces) != 3 {
		return nil, fmt.Errorf("render: the visitor's own has %d places, want 2", len(pieces)-1)
	}
	layout.OwnMark, layout.User = "", nil
	tools, err := rendered(ctx, ui.OwnTools(layout))
	if err != nil {
		return nil, err
	}
	head, middle, tail := pieces[0], pieces[1], pieces[2]
	page := pagecache.New(made.Status, bytes.Join([][]byte{head, tools, middle, tail}, nil), head, middle, tail)
	page.Owner = made.Owner
	return page, nil
}

func rendered(ctx context.Context, c templ.Component) ([]byte, error) {
	var body bytes.Buffer
	if err := c.Render(ctx, &body); err != nil {
		return nil, fmt.Errorf("render: %w", err)
	}
	return body.Bytes(), nil
}

// writeForAll answers with a page, or a part of one, on which nothing is the
// visitor's own.
func (s *Site) writeForAll(w http.ResponseWriter, r *http.Request, page *pagecache.Page) error {
	encoding := pagecache.Choose(r.Header.Get("Accept-Encoding"), false)
	etag := page.ETag(encoding)
	w.Header().Set("ETag", etag)
	setPageHeaders(w, r)
	if page.Status == http.StatusOK && knows(r, etag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	write(w, r, page.Status, encoding, page.Guest(encoding))
	return nil
}

// knows reports whether the browser has what etag names already.
func knows(r *http.Request, etag string) bool {
	for known := range strings.SplitSeq(r.Header.Get("If-None-Match"), ",") {
		if strings.TrimPrefix(strings.TrimSpace(known), "W/") == etag {
			return true
		}
	}
	return false
}

// writeAround answers with a page around what is the visitor's own.
func (s *Site) writeAround(w http.ResponseWriter, r *http.Request, page *pagecache.Page, layout ui.Page) error {
	own, err := rendered(r.Context(), ui.OwnTools(layout))
	if err != nil {
		return err
	}
	flash, err := rendered(r.Context(), ui.OwnFlash(layout))
	if err != nil {
		return err
	}
	if layout.Flash != nil {
		s.expireCookie(w, flashCookie)
	}
	own = append(append(own, page.Middle...), flash...)
	setPageHeaders(w, r)
	encoding := pagecache.Choose(r.Header.Get("Accept-Encoding"), true)
	write(w, r, page.Status, encoding, page.Around(encoding, own)...)
	return nil
}

func write(w http.ResponseWriter, r *http.Request, status int, encoding pagecache.Encoding, pieces ...[]byte) {
	size := 0
	for _, piece := range pieces {
		size += len(piece)
	}
	h := w.Header()
	if encoding != pagecache.Identity {
		h.Set("Content-Encoding", encoding.String())
	}
	h.Set("Content-Length", strconv.Itoa(size))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	for _, piece := range pieces {
		_, _ = w.Write(piece) // fails only when the visitor has gone
	}
}
