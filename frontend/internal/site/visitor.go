package site

import (
	"cmp"
	"context"
	"log/slog"
	"net/http"
	"time"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/i18n"
	"bookstore/shared/shopapi"
)

// readTimeout bounds the calls of a page that is only looked at. What changes
// something may take as long as the clients of the backends allow.
const readTimeout = 5 * time.Second

// OrnamentTimeout bounds what a page waits for what it can do without.
const OrnamentTimeout = 700 * time.Millisecond

// visitor is what a request's cookies say about who sent it.
type visitor struct {
	session *session // nil for a guest
	words   *i18n.Translator
	theme   string
	cart    string // the guest's cart token, "" if there is none
	fresh   bool   // wrote lately, so must see what was written
	flash   *ui.Flash
	calls   context.Context // of the calls of backends
	badge   <-chan int      // the number of books in the cart, once it is known; nil if not asked
	count   int             // that number, as far as it is known
	counted bool            // whether it has just been asked for, and answered

	browser     string     // names the browser for the life of a kept form, "" if it had none
	needsCookie bool       // the answer sets a cookie that what the visitor does depends on
	form        *formRoute // that the request sends; nil if it sends none
	typed       *ui.Form   // what was typed into it, once it is read
	kept        string     // a sealed form that the answer carries along, "" for none
	shown       *keptForm  // the one that is being shown again
}

type visitorKey struct{}

// withVisitor reads the cookies once for everything behind it.
func (s *Site) withVisitor(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, lang := takeLanguage(r)
		if lang != "" && lang != language(r) { // they stay in it on the pages that follow
			s.setCookie(w, langCookie, lang, yearSeconds)
		}
		v := &visitor{
			words:   s.words.For(cmp.Or(lang, language(r))),
			theme:   theme(r),
			cart:    cartToken(r),
			browser: cookie(r, browserCookie),
			fresh:   cookie(r, freshCookie) != "" || !isRead(r),
		}
		v.session = s.currentSession(w, r)
		v.flash = readFlash(r, v.words)
		if v.session != nil {
			httpserver.Annotate(r.Context(), slog.Int64("user_id", v.session.User.ID))
		}
		r = r.WithContext(context.WithValue(r.Context(), visitorKey{}, v))
		v.calls = r.Context()
		if isRead(r) {
			var cancel context.CancelFunc
			v.calls, cancel = context.WithTimeout(v.calls, readTimeout)
			defer cancel()
			s.mergeLeftCart(w, r)
			if count, ok := keptCartCount(r); ok {
				v.count = count
			} else {
				v.badge = s.startBadge(r)
			}
		} else {
			if cookie(r, badgeCookie) != "" {
				s.expireCookie(w, badgeCookie)
			}
			s.setCookie(w, freshCookie, "1", freshSeconds)
		}
		next.ServeHTTP(w, r)
	})
}

func visitorFrom(ctx context.Context) *visitor {
	return ctx.Value(visitorKey{}).(*visitor) // withVisitor is around every page
}

// UserFrom returns the signed-in user, or nil for a guest.
func UserFrom(r *http.Request) *ui.User {
	v := visitorFrom(r.Context())
	if v.session == nil {
		return nil
	}
	return &v.session.User
}

// Words returns the translator of the visitor's language.
func Words(r *http.Request) *i18n.Translator { return visitorFrom(r.Context()).words }

// Call returns the context for calls of backends on the visitor's behalf: with
// the access token, or the guest's cart, and the wish for fresh reads.
func (s *Site) Call(r *http.Request) context.Context {
	v := visitorFrom(r.Context())
	ctx := v.calls
	if v.fresh {
		ctx = httpclient.WithFresh(ctx)
	}
	switch {
	case v.session != nil:
		ctx = httpclient.WithBearer(ctx, v.session.Access)
	case v.cart != "":
		ctx = shopapi.WithCart(ctx, v.cart)
	}
	return ctx
}

func isRead(r *http.Request) bool {
	return r.Method == http.MethodGet || r.Method == http.MethodHead
}

// IsPartial reports whether the answer goes into a part of a page. History
// restores and boosted links ask for whole pages.
func IsPartial(r *http.Request) bool { return r.Header.Get("HX-Request-Type") == "partial" }
