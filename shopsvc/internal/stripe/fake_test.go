package stripe_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/shared/shopapi"
)

// clientSecret is part of what Stripe tells of a payment.
const clientSecret = "pi_secret_of_the_test"

// fake is the few endpoints of Stripe that the gateway calls, with a memory,
// and a buyer who can be told what to do on the page.
type fake struct {
	now func() time.Time

	mu       sync.Mutex
	answers  map[string]answer // by idempotency key
	sessions map[string]*session
	refunds  []map[string]any
	creates  int
	looks    int // at sessions
	// lose makes the next answers vanish after the work was done.
	lose int
	// trouble makes the next call of a path's last part fail with a status.
	trouble map[string]int
	// before runs once before the next call of a path's last part.
	before map[string]func()
	// refuseCapture declines captures.
	refuseCapture bool
	// refundStatus is that of refunds to come.
	refundStatus string
}

// answer is what Stripe once answered under an idempotency key, and to what.
type answer struct {
	status        int
	body, request string
}

type session struct {
	id, status, intent, url string
	amount                  int64
	currency, payment       string
	received                int64
}

func newFake(t *testing.T, now func() time.Time) (*fake, string) {
	f := &fake{
		now: now, answers: map[string]answer{}, sessions: map[string]*session{}, trouble: map[string]int{},
		before: map[string]func(){}, refundStatus: "succeeded",
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/checkout/sessions", f.once(f.create))
	mux.HandleFunc("GET /v1/checkout/sessions/{id}", f.once(f.get))
	mux.HandleFunc("POST /v1/checkout/sessions/{id}/expire", f.once(f.expire))
	mux.HandleFunc("POST /v1/payment_intents/{id}/capture", f.once(f.capture))
	mux.HandleFunc("POST /v1/payment_intents/{id}/cancel", f.once(f.cancel))
	mux.HandleFunc("GET /v1/refunds", f.once(f.listRefunds))
	mux.HandleFunc("POST /v1/refunds", f.once(f.refund))
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return f, server.URL
}

// once answers a repeated idempotency key as before, and fails or loses answers
// if told to.
func (f *fake) once(handle func(r *http.Request) (int, any)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f.runBefore(path.Base(r.URL.Path))
		f.mu.Lock()
		defer f.mu.Unlock()
		said := f.answer(r, handle)
		if f.lose > 0 {
			f.lose--
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(said.status)
		fmt.Fprint(w, said.body)
	}
}

// answer is like Stripe's: what a request came to is remembered under its key,
// even a failure of Stripe's own, unless it was turned away at the door.
func (f *fake) answer(r *http.Request, handle func(r *http.Request) (int, any)) answer {
	_ = r.ParseForm()
	key, request := r.Header.Get("Idempotency-Key"), r.URL.Path+"?"+r.PostForm.Encode()
	if known, ok := f.answers[key]; ok && key != "" {
		if known.request != request {
			return failedWith(http.StatusBadRequest, "idempotency_error", "")
		}
		return known
	}
	said := answer{request: request}
	if status := f.trouble[path.Base(r.URL.Path)]; status != 0 {
		delete(f.trouble, path.Base(r.URL.Path))
		kind := "invalid_request_error"
		if status >= http.StatusInternalServerError {
			kind = "api_error"
		}
		said = failedWith(status, kind, "")
	} else {
		var body any
		said.status, body = handle(r)
		data, _ := json.Marshal(body)
		said.body = string(data)
	}
	said.request = request
	switch {
	case key == "":
	case said.status == http.StatusOK, said.status == http.StatusPaymentRequired, said.status >= http.StatusInternalServerError:
		f.answers[key] = said
	}
	return said
}

func failedWith(status int, kind, code string) answer {
	return answer{status: status, body: fmt.Sprintf(`{"error":{"type":%q,"code":%q}}`, kind, code)}
}

func (f *fake) runBefore(call string) {
	f.mu.Lock()
	do := f.before[call]
	delete(f.before, call)
	f.mu.Unlock()
	if do != nil {
		do()
	}
}

func (f *fake) create(r *http.Request) (int, any) {
	f.creates++
	amount, _ := strconv.ParseInt(r.PostFormValue("line_items[0][price_data][unit_amount]"), 10, 64)
	s := &session{
		id: fmt.Sprintf("cs_%d", f.creates), status: "open", url: fmt.Sprintf("https://checkout.stripe.com/c/%d", f.creates),
		amount: amount, currency: r.PostFormValue("line_items[0][price_data][currency]"), payment: r.PostFormValue("client_reference_id"),
	}
	if r.PostFormValue("payment_intent_data[capture_method]") != "manual" {
		return invalid("capture_method must be manual")
	}
	expires, _ := strconv.ParseInt(r.PostFormValue("expires_at"), 10, 64)
	if left := time.Unix(expires, 0).Sub(f.now()); left < 30*time.Minute-time.Second || left > 24*time.Hour {
		return invalid("expires_at must be between 30 minutes and 24 hours away")
	}
	f.sessions[s.id] = s
	return http.StatusOK, s.json()
}

func (f *fake) get(r *http.Request) (int, any) {
	f.looks++
	s, ok := f.sessions[r.PathValue("id")]
	if !ok {
		return invalid("no such session")
	}
	return http.StatusOK, s.json()
}

func (f *fake) expire(r *http.Request) (int, any) {
	s := f.sessions[r.PathValue("id")]
	if s.status != "open" {
		return invalid("only open sessions expire")
	}
	s.status = "expired"
	return http.StatusOK, s.json()
}

func (f *fake) ofIntent(id string) *session { return f.sessions["cs_"+strings.TrimPrefix(id, "pi_")] }

func (f *fake) capture(r *http.Request) (int, any) {
	s := f.ofIntent(r.PathValue("id"))
	if s.intent != "requires_capture" {
		return invalid("there is nothing to capture")
	}
	if f.refuseCapture {
		return http.StatusPaymentRequired, map[string]any{"error": map[string]any{
			"type": "card_error", "code": shopapi.DeclinedCard, "decline_code": "generic_decline", "payment_intent": s.intentJSON(),
		}}
	}
	s.intent, s.received = "succeeded", s.amount
	return http.StatusOK, s.intentJSON()
}

func (f *fake) cancel(r *http.Request) (int, any) {
	s := f.ofIntent(r.PathValue("id"))
	if s.intent != "requires_capture" {
		return invalid("can't be cancelled")
	}
	s.intent = "canceled"
	return http.StatusOK, s.intentJSON()
}

// listRefunds answers two refunds a page, fewer than were asked for, which
// Stripe may do as well.
func (f *fake) listRefunds(r *http.Request) (int, any) {
	after := r.URL.Query().Get("starting_after")
	from := 1 + slices.IndexFunc(f.refunds, func(refund map[string]any) bool { return refund["id"] == after })
	to := min(from+2, len(f.refunds))
	return http.StatusOK, map[string]any{
		"object": "list", "data": f.refunds[from:to], "has_more": to < len(f.refunds), "url": "/v1/refunds",
	}
}

func (f *fake) refund(r *http.Request) (int, any) {
	amount, _ := strconv.ParseInt(r.PostFormValue("amount"), 10, 64)
	refund := map[string]any{
		"id": fmt.Sprintf("re_%d", len(f.refunds)+1), "object": "refund", "amount": amount, "status": f.refundStatus,
		"metadata": map[string]string{"payment": r.PostFormValue("metadata[payment]")},
	}
	f.refunds = append(f.refunds, refund)
	return http.StatusOK, refund
}

func invalid(message string) (int, any) {
	return http.StatusBadRequest, map[string]any{"error": map[string]any{"type": "invalid_request_error", "message": message}}
}

func (s *session) json() map[string]any {
	out := map[string]any{
		"id": s.id, "object": "checkout.session", "status": s.status, "url": s.url, "amount_total": s.amount,
		"currency": s.currency, "client_reference_id": s.payment, "metadata": map[string]string{"payment": s.payment},
	}
	if s.intent != "" {
		out["payment_intent"] = s.intentJSON()
	}
	return out
}

func (s *session) intentJSON() map[string]any {
	return map[string]any{
		"id": "pi_" + strings.TrimPrefix(s.id, "cs_"), "object": "payment_intent", "status": s.intent,
		"client_secret": clientSecret, "amount": s.amount, "amount_received": s.received, "metadata": map[string]string{"payment": s.payment},
	}
}

// buyer does something on the page of the payment.
func (f *fake) buyer(payment string, do func(s *session)) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, s := range f.sessions {
		if s.payment == payment {
			do(s)
		}
	}
}

func pays(s *session) { s.status, s.intent = "complete", "requires_capture" }

func leaves(s *session) { s.status = "expired" }
