package token

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"bookstore/shared/internal/health"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"
)

var (
	// ErrInvalid is a token that nobody should accept.
	ErrInvalid = errors.New("invalid token")
	// ErrExpired is a token that was good, and is to be refreshed.
	ErrExpired = errors.New("expired token")
	// ErrUnavailable says that a token can't be judged: its key is unknown, and
	// the key set could not be fetched lately.
	ErrUnavailable = errors.New("key set unavailable")
)

const (
	keyRefresh = time.Minute
	// keyMaxAge is how old a key set may be that calls a key unknown. New keys
	// are published that long before they sign.
	keyMaxAge = 2 * keyRefresh
	// unknownKeyPause is the least time between two fetches for unknown keys, so
	// that invented key ids can't become a load on the issuer.
	unknownKeyPause = 2 * time.Second
	// unknownKeyWait bounds what a single request waits for such a fetch.
	unknownKeyWait = time.Second
	// firstKeysPause is the time between two fetches while there are no keys at
	// all, as when this process was started before the issuer.
	firstKeysPause = 200 * time.Millisecond
	clockSkew      = 5 * time.Second
)

// What the status page and the metrics call what is asked of authsvc.
const (
	keySetDependency      = "key_set"
	revocationsDependency = "revocations"
)

// Verifier judges access tokens, each good one once. It is safe for concurrent use.
type Verifier struct {
	keys       keyfunc.Keyfunc
	fresh      func() bool // whether the key set may call a key unknown
	parser     *jwt.Parser
	remembered remembered
}

// NewVerifier returns a verifier that keeps the key set at jwksURL until ctx
// ends. It does not insist on reaching it: while no key set was ever fetched,
// Verify answers ErrUnavailable. It waits a second at most.
func NewVerifier(ctx context.Context, jwksURL, issuer, audience string) (*Verifier, error) {
	store := &datedStorage{Storage: jwkset.NewMemoryStorage()}
	remote, err := jwkset.NewStorageFromHTTP(jwksURL, jwkset.HTTPClientStorageOptions{
		Client:                    &http.Client{Timeout: unknownKeyWait},
		Ctx:                       ctx,
		HTTPTimeout:               unknownKeyWait,
		NoErrorReturnFirstHTTPReq: true,
		RefreshErrorHandler: func(ctx context.Context, err error) {
			slog.WarnContext(ctx, "key set not fetched", "error", err)
			health.Report(keySetDependency, err)
		},
		RefreshInterval: keyRefresh,
		Storage:         store,
	})
	if err != nil {
		return nil, fmt.Errorf("follow the key set: %w", err)
	}
	client, err := jwkset.NewHTTPClient(jwkset.HTTPClientOptions{
		HTTPURLs:          map[string]jwkset.Storage{jwksURL: remote},
		RateLimitWaitMax:  unknownKeyWait,
		RefreshUnknownKID: rate.NewLimiter(rate.Every(unknownKeyPause), 1),
	})
	if err != nil {
		return nil, fmt.Errorf("follow the key set: %w", err)
	}
	if !store.isFresh() {
		go fetchFirstKeys(ctx, jwksURL, store)
	}
	return newVerifier(client, store, store.isFresh, issuer, audience)
}

// fetchFirstKeys asks for the key set until there is one or ctx ends. The
// regular refresh would leave every token in doubt for up to a minute.
func fetchFirstKeys(ctx context.Context, jwksURL string, store *datedStorage) {
	pause := time.NewTicker(firstKeysPause)
	defer pause.Stop()
	for !store.isFresh() {
		select {
		case <-ctx.Done():
			return
		case <-pause.C:
		}
		// The library fetches once when it makes a storage; a failure was logged
		// when the first fetch failed.
		_, _ = jwkset.NewStorageFromHTTP(jwksURL, jwkset.HTTPClientStorageOptions{
			Client: &http.Client{Timeout: unknownKeyWait}, Ctx: ctx, HTTPTimeout: unknownKeyWait, Storage: store,
		})
	}
}

// NewStaticVerifier returns a verifier for the issuer itself, and for tests: it
// knows keys and no others.
func NewStaticVerifier(keys KeyRing, issuer, audience string) (*Verifier, error) {
	store, err := keys.storage()
	if err != nil {
		return nil, err
	}
	return newVerifier(store, store, func() bool { return true }, issuer, audience)
}

// newVerifier returns a verifier with the keys of store, of which local has
// those that are known at the moment.
func newVerifier(store, local jwkset.Storage, fresh func() bool, issuer, audience string) (*Verifier, error) {
	keys, err := keyfunc.New(keyfunc.Options{Storage: store, UseWhitelist: []jwkset.USE{jwkset.UseSig}})
	if err != nil {
		return nil, fmt.Errorf("use the key set: %w", err)
	}
	return &Verifier{
		keys:       keys,
		fresh:      fresh,
		remembered: newRemembered(local),
		parser: jwt.NewParser(
			jwt.WithValidMethods([]string{jwt.SigningMethodEdDSA.Alg()}),
			jwt.WithIssuer(issuer),
			jwt.WithAudience(audience),
			jwt.WithExpirationRequired(),
			jwt.WithLeeway(clockSkew),
		),
	}, nil
}

// Verify returns what raw claims, or an error that wraps ErrInvalid, ErrExpired
// or ErrUnavailable.
func (v *Verifier) Verify(ctx context.Context, raw string) (Claims, error) {
	if claims, ok := v.remembered.find(ctx, raw); ok {
		return claims, nil
	}
	var wire wireClaims
	var good verified
	if _, err := v.parser.ParseWithClaims(raw, &wire, v.keyFor(ctx, &good)); err != nil {
		return Claims{}, fmt.Errorf("%w: %w", v.judge(err), err)
	}
	claims, err := wire.claims()
	if err != nil {
		return Claims{}, fmt.Errorf("%w: %w", ErrInvalid, err)
	}
	good.claims = claims
	v.remembered.keep(raw, good)
	return claims, nil
}

// keyFor insists on a key id: without one keyfunc would try every key. It notes
// in used which key it found.
func (v *Verifier) keyFor(ctx context.Context, used *verified) jwt.Keyfunc {
	byID := v.keys.KeyfuncCtx(ctx)
	return func(t *jwt.Token) (any, error) {
		id, _ := t.Header["kid"].(string)
		if id == "" {
			return nil, errNoKeyID
		}
		key, err := byID(t)
		used.keyID = id
		used.key, _ = key.(ed25519.PublicKey)
		return key, err
	}
}

var errNoKeyID = errors.New("token without a key id")

func (v *Verifier) judge(err error) error {
	switch {
	case errors.Is(err, errNoKeyID):
		return ErrInvalid
	case errors.Is(err, jwt.ErrTokenUnverifiable) && !v.fresh():
		return ErrUnavailable
	case errors.Is(err, jwt.ErrTokenInvalidIssuer), errors.Is(err, jwt.ErrTokenInvalidAudience):
		return ErrInvalid
	case errors.Is(err, jwt.ErrTokenExpired):
		return ErrExpired
	}
	return ErrInvalid
}

// datedStorage remembers when the key set was last fetched.
type datedStorage struct {
	jwkset.Storage
	fetched atomic.Int64 // Unix seconds
}

// KeyReplaceAll is what jwkset calls with every set that it has fetched.
func (s *datedStorage) KeyReplaceAll(ctx context.Context, keys []jwkset.JWK) error {
	if err := s.Storage.KeyReplaceAll(ctx, keys); err != nil {
		return err
	}
	s.fetched.Store(time.Now().Unix())
	health.Report(keySetDependency, nil)
	return nil
}

func (s *datedStorage) isFresh() bool {
	return time.Since(time.Unix(s.fetched.Load(), 0)) < keyMaxAge
}
