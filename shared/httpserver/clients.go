package httpserver

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/netip"
	"strings"

	"bookstore/shared/apierr"
	"bookstore/shared/internal/client"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"
)

// Clients says who may ask how often.
type Clients struct {
	// TrustedProxies are the networks of proxies whose word counts on whom they
	// ask for (X-Forwarded-For).
	TrustedProxies Networks `env:"TRUSTED_PROXIES"`
	// Rate is how many requests a second one client may send on the whole, and
	// ten times as many at once; 0: any number.
	Rate float64 `env:"CLIENT_RATE" envDefault:"20"`
	// Unlimited are networks whose clients may ask as often as they like, and from
	// which wrong passwords count for their account alone, such as those of load
	// testers.
	Unlimited Networks `env:"UNLIMITED_NETWORKS"`
}

// Check returns a sentence if a limit is wrong.
func (c Clients) Check() error {
	if c.Rate < 0 || math.IsNaN(c.Rate) {
		return errors.New("CLIENT_RATE must not be negative")
	}
	return nil
}

// Networks are written as CIDR prefixes with commas in between, such as
// 10.0.0.0/8,fd00::/8.
type Networks []netip.Prefix

// UnmarshalText implements encoding.TextUnmarshaler.
func (n *Networks) UnmarshalText(text []byte) error {
	*n = nil
	for part := range strings.SplitSeq(string(text), ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		prefix, err := netip.ParsePrefix(part)
		if err != nil {
			return fmt.Errorf("read a network: %w", err)
		}
		*n = append(*n, prefix)
	}
	return nil
}

// Contains reports whether addr is in one of the networks.
func (n Networks) Contains(addr netip.Addr) bool {
	for _, network := range n {
		if network.Contains(addr) {
			return true
		}
	}
	return false
}

// Countable returns addr if what its client does is to be counted, and the zero
// Addr otherwise.
func (c Clients) Countable(addr netip.Addr) netip.Addr {
	if c.Unlimited.Contains(addr) {
		return netip.Addr{}
	}
	return addr
}

// ClientAddress returns the address of the client on whose behalf ctx is; the
// zero Addr if it is not known.
func ClientAddress(ctx context.Context) netip.Addr { return client.From(ctx) }

// address returns where r comes from: for a call of one of our own processes
// what that says, and otherwise the first address that no trusted proxy has.
func (c Clients) address(r *http.Request, ours bool) netip.Addr {
	if ours {
		if addr, err := netip.ParseAddr(r.Header.Get(client.Header)); err == nil {
			return addr.Unmap()
		}
	}
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	addr := peer.Addr().Unmap().WithZone("")
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(hops) - 1; i >= 0 && c.TrustedProxies.Contains(addr); i-- {
		before, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = before.Unmap().WithZone("")
	}
	return addr
}

// withClient puts the client's address into the request's context, and takes
// away what only our own processes may say.
func (o Options) withClient(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ours := o.ourOwn(r)
		ctx := client.With(r.Context(), o.Clients.address(r, ours))
		if !ours {
			r.Header.Del(client.Header)
			r.Header.Del(client.DeviceHeader)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// ErrTooOften says that a client asks more often than it may. Its parameter
// retry_after is in seconds.
var ErrTooOften = apierr.New(apierr.KindRateLimited, apierr.CodeRateLimited)

const (
	// maxClients bounds the clients whose requests are counted.
	maxClients = 50_000
	// burst is how many seconds' worth of requests a client may send at once.
	burst = 10
)

// turnstile counts what each client sends.
type turnstile struct {
	limits  Clients
	clients *otter.Cache[netip.Prefix, *rate.Limiter]
}

func newTurnstile(limits Clients) *turnstile {
	return &turnstile{limits, otter.Must(&otter.Options[netip.Prefix, *rate.Limiter]{MaximumSize: maxClients})}
}

// pass returns 0 if a request from addr may pass, and otherwise the seconds to
// wait. A client is an IPv4 address, or an IPv6 network as households have one.
func (t *turnstile) pass(addr netip.Addr) int {
	if addr = t.limits.Countable(addr); !addr.IsValid() {
		return 0
	}
	bits := 32
	if addr.Is6() {
		bits = 64
	}
	client, err := addr.Prefix(bits)
	if err != nil {
		return 0
	}
	limiter, known := t.clients.GetIfPresent(client)
	if !known {
		limiter, _ = t.clients.SetIfAbsent(client, rate.NewLimiter(rate.Limit(t.limits.Rate), max(1, int(burst*t.limits.Rate))))
	}
	reservation := limiter.Reserve()
	wait := reservation.Delay()
	if wait == 0 {
		return 0
	}
	reservation.Cancel()
	return int(math.Ceil(wait.Seconds()))
}

// rateLimited serves requests with next, and those of clients that ask too often
// with refused. Those that are Unqueued are not counted.
func (t *turnstile) rateLimited(class func(*http.Request) Class, next http.Handler, refused func(http.ResponseWriter, *http.Request, *apierr.Error)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if class(r) == Unqueued {
			next.ServeHTTP(w, r)
			return
		}
		if wait := t.pass(ClientAddress(r.Context())); wait > 0 {
			refused(w, r, ErrTooOften.With("retry_after", wait))
			return
		}
		next.ServeHTTP(w, r)
	})
}
