package site

import (
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"bookstore/frontend/internal/ui"

	"github.com/gorilla/securecookie"
)

const (
	// keptLife is how long what was typed can be shown again.
	keptLife = time.Hour
	// keptLimit is how many bytes of what was typed are kept: the longest form is
	// well below.
	keptLimit = 96 << 10
	// sealedLimit is above what sealing makes of keptLimit bytes.
	sealedLimit = 2 * keptLimit
	// browserSeconds is the age of the cookie that binds a kept form to a browser.
	browserSeconds = int(keptLife / time.Second)
)

// keptForm is a form that could not be taken. It travels in the page that says
// so, sealed with our own keys, and is shown again filled in: never sent.
type keptForm struct {
	Path    string     // where it was sent to
	User    int64      // who had the page; 0 for a guest
	Browser string     // that had it, by its cookie
	Values  url.Values // without secrets
	File    bool       // whether a file was chosen, which is not kept
}

// secretFields may stand on no page that is sent back, beside passwords.
var secretFields = []string{"number", "exp_month", "exp_year", "expiry", "cvc"}

func isSecret(field string) bool {
	return strings.Contains(field, "password") || slices.Contains(secretFields, field)
}

// withoutSecrets returns what may stand on a page that is sent back.
func withoutSecrets(values url.Values) url.Values {
	values = maps.Clone(values)
	maps.DeleteFunc(values, func(name string, _ []string) bool { return isSecret(name) })
	return values
}

func newKeptCodecs(keys [][]byte) []securecookie.Codec {
	codecs := securecookie.CodecsFromPairs(keys...)
	for _, codec := range codecs {
		c := codec.(*securecookie.SecureCookie)
		c.MaxAge(int(keptLife / time.Second)).MaxLength(sealedLimit).SetSerializer(securecookie.JSONEncoder{})
	}
	return codecs
}

// keptName is what seals are for: one made for anything else does not open.
const keptName = "kept-form"

// keep seals what was typed into the form that r sends, for the browser and the
// user that had the page. It returns "" if there is nothing to be kept: r sends no
// form that can be shown again, or an endless one.
func (s *Site) keep(w http.ResponseWriter, r *http.Request) string {
	v := visitorFrom(r.Context())
	if v.kept != "" || v.form == nil || v.form.show == nil {
		return v.kept
	}
	form, err := s.readOnce(w, r)
	if err != nil {
		return ""
	}
	if sealed := form.Value(ui.FieldKept); sealed != "" { // a form carries another along
		return sealed
	}
	kept := keptForm{
		Path: LocalPath(r.URL.EscapedPath(), "/"), User: owner(r, form), Browser: s.browser(w, r),
		Values: withoutSecrets(form.Values), File: form.File.Chosen(),
	}
	if data, err := json.Marshal(kept); err != nil || len(data) > keptLimit {
		slog.WarnContext(r.Context(), "form not kept", "bytes", len(data), "error", err)
		return ""
	}
	sealed, err := securecookie.EncodeMulti(keptName, kept, s.keptCodecs...)
	if err != nil {
		slog.ErrorContext(r.Context(), "form not kept", "error", err)
		return ""
	}
	return sealed
}

// owner is the user whose page a form stood on: the form says so itself, for
// the visitor may have signed out since, or be another one by now.
func owner(r *http.Request, form ui.Form) int64 {
	if id, err := strconv.ParseInt(form.Value(ui.FieldFormUser), 10, 64); err == nil {
		return id
	}
	if user := UserFrom(r); user != nil {
		return user.ID
	}
	return 0
}

// browser returns what names the visitor's browser for the life of a kept form.
func (s *Site) browser(w http.ResponseWriter, r *http.Request) string {
	v := visitorFrom(r.Context())
	if v.browser == "" {
		v.browser = rand.Text()
	}
	s.setCookie(w, browserCookie, v.browser, browserSeconds)
	return v.browser
}

// openKept returns what was sealed, if this browser had it and it is not too old.
func (s *Site) openKept(r *http.Request, sealed string) (keptForm, bool) {
	var kept keptForm
	err := securecookie.DecodeMulti(keptName, sealed, &kept, s.keptCodecs...)
	browser := visitorFrom(r.Context()).browser
	return kept, err == nil && browser != "" && kept.Browser == browser
}

// ShowKept shows the form that sealed holds again, filled in, and says that it
// was not sent. Visitors who have to sign in for it are asked to. If it is not
// this visitor's, or too old, they are led to next.
func (s *Site) ShowKept(w http.ResponseWriter, r *http.Request, sealed, next string) error {
	kept, ok := s.openKept(r, sealed)
	user := UserFrom(r)
	if !ok || user != nil && kept.User != 0 && user.ID != kept.User {
		return s.Redirect(w, r, next)
	}
	v := visitorFrom(r.Context())
	v.kept, v.shown = sealed, &kept
	again := r.Clone(r.Context())
	again.Method, again.Body, again.ContentLength = http.MethodGet, http.NoBody, 0
	again.Form, again.PostForm, again.MultipartForm = nil, nil, nil
	again.URL = &url.URL{Path: kept.Path}
	if v.badge == nil {
		v.badge = s.startBadge(again)
	}
	s.keptForms.ServeHTTP(w, again)
	return nil
}

// showKept answers with the page of a form, filled in with what was kept.
func (s *Site) showKept(show FormPage) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		v := visitorFrom(r.Context())
		message := "kept.shown"
		if v.shown.File {
			message = "kept.shown_without_file"
		}
		v.flash = &ui.Flash{Kind: ui.FlashInfo, Text: v.words.T(message)}
		return show(w, r, http.StatusOK, ui.Form{Values: v.shown.Values})
	}
}

// showKeptAgain answers POST /kept-form, from a page that apologised.
func (s *Site) showKeptAgain(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	return s.ShowKept(w, r, form.Value(ui.FieldKept), LocalPath(form.Value("next"), "/"))
}

// askToSignIn sends a visitor to sign in, and back. A form that was sent is kept
// meanwhile if its page said whose it was: else anybody could get it. A part of a
// page is asked for beside what is being typed, so its page stays.
func (s *Site) askToSignIn(w http.ResponseWriter, r *http.Request) error {
	v := visitorFrom(r.Context())
	if IsPartial(r) {
		w.Header().Set("HX-Retarget", "#flash")
		w.Header().Set("HX-Reswap", "innerHTML")
		bar := ui.SignedOutBar(s.Page(r, ""))
		return s.Render(w, r, http.StatusUnauthorized, bar, bar)
	}
	if v.kept == "" && s.hasOwner(w, r) {
		v.kept = s.keep(w, r)
	}
	if v.kept == "" || s.signIn == nil {
		return s.Redirect(w, r, "/login?next="+url.QueryEscape(Here(r)))
	}
	next := LocalPath(r.URL.EscapedPath(), "/")
	return s.signIn(w, r, http.StatusUnauthorized, ui.NewForm("next", next, ui.FieldKept, v.kept))
}

// hasOwner tells whether r sends a form that says whose page it stood on.
func (s *Site) hasOwner(w http.ResponseWriter, r *http.Request) bool {
	if isRead(r) || visitorFrom(r.Context()).form == nil {
		return false
	}
	form, err := s.readOnce(w, r)
	return err == nil && owner(r, form) != 0
}
