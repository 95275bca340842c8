package pagecache_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/frontend/internal/pagecache"
	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"
)

var errAway = apierr.Unavailable("catalogsvc")

// shop makes pages that say how many were made before them.
type shop struct {
	*pagecache.Cache
	now   time.Time
	mu    sync.Mutex
	made  int
	fails error
	fresh bool // whether the last was made of fresh answers
}

func newShop() *shop {
	s := &shop{Cache: pagecache.NewCache(), now: time.Now()}
	s.SetClock(func() time.Time { s.mu.Lock(); defer s.mu.Unlock(); return s.now })
	return s
}

func (s *shop) pass(d time.Duration) { s.mu.Lock(); s.now = s.now.Add(d); s.mu.Unlock() }

func (s *shop) make(ctx context.Context) (*pagecache.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fresh = httpclient.IsFresh(ctx)
	if s.fails != nil {
		return nil, s.fails
	}
	s.made++
	return pagecache.New(200, fmt.Append(nil, s.made), nil, nil, nil), nil
}

func (s *shop) see(t *testing.T, w pagecache.Wish, want string) {
	t.Helper()
	w.Key, w.Make = "page", s.make
	page, err := s.Get(t.Context(), w)
	got := "refused"
	if err == nil {
		got = string(page.Guest(pagecache.Identity))
	}
	if got != want {
		t.Errorf("got page %s (%v), want %s", got, err, want)
	}
}

func TestVisitorsShareAPageForAMoment(t *testing.T) {
	s := newShop()
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() { s.see(t, pagecache.Wish{}, "1") })
	}
	group.Wait()
	s.pass(pagecache.FreshFor - 1)
	s.see(t, pagecache.Wish{}, "1")
	s.pass(1)
	s.see(t, pagecache.Wish{}, "2")
}

func TestWhileAPageIsMadeAnewOthersGetTheOldOneForAMoment(t *testing.T) {
	s := newShop()
	s.see(t, pagecache.Wish{}, "1")
	s.pass(pagecache.FreshFor)
	begun, end, first := make(chan bool), make(chan bool), make(chan string, 1)
	go func() {
		page, err := s.Get(context.Background(), pagecache.Wish{Key: "page", Make: func(ctx context.Context) (*pagecache.Page, error) {
			close(begun)
			<-end
			return s.make(ctx)
		}})
		first <- fmt.Sprint(string(page.Guest(pagecache.Identity)), err)
	}()
	<-begun
	s.see(t, pagecache.Wish{}, "1")
	s.pass(pagecache.GoodMeanwhile - pagecache.FreshFor)
	late := make(chan bool)
	go func() { s.see(t, pagecache.Wish{}, "2"); close(late) }()
	close(end)
	if got := <-first; got != "2<nil>" {
		t.Errorf("whoever came first got %s, want the new page", got)
	}
	<-late
}

func TestWhoeverWroteLatelyGetsANewPageAndOthersGetItToo(t *testing.T) {
	s := newShop()
	s.see(t, pagecache.Wish{}, "1")
	s.see(t, pagecache.Wish{Fresh: true}, "2")
	if !s.fresh {
		t.Error("the page is made of answers that may be old")
	}
	s.see(t, pagecache.Wish{}, "2")
}

func TestAPageThatWasAskedForEarlierReplacesNone(t *testing.T) {
	s := newShop()
	begun, end, done := make(chan bool), make(chan bool), make(chan bool)
	go func() {
		_, _ = s.Get(context.Background(), pagecache.Wish{Key: "page", Make: func(context.Context) (*pagecache.Page, error) {
			close(begun)
			<-end
			return pagecache.New(200, []byte("old"), nil, nil, nil), nil
		}})
		close(done)
	}()
	<-begun
	s.pass(1)
	s.see(t, pagecache.Wish{Fresh: true}, "1")
	close(end)
	<-done
	s.see(t, pagecache.Wish{}, "1")
}

func TestAnOldPageIsBetterThanNoneButForWhomItMayHideWhatTheyWrote(t *testing.T) {
	s := newShop()
	s.see(t, pagecache.Wish{}, "1")
	s.pass(pagecache.BetterThanNone - 1)
	s.fails = errAway
	s.see(t, pagecache.Wish{}, "1")
	s.see(t, pagecache.Wish{Fresh: true, Stale: true}, "1")
	s.see(t, pagecache.Wish{Fresh: true}, "refused")
	s.fails = apierr.New(apierr.KindNotFound, "gone")
	s.see(t, pagecache.Wish{}, "refused")
}

func TestNobodyWaitsForASlowBackendLongerThanTheyWant(t *testing.T) {
	s := newShop()
	begun, end := make(chan bool), make(chan bool)
	slow := pagecache.Wish{Key: "page", Make: func(ctx context.Context) (*pagecache.Page, error) {
		close(begun)
		<-end
		if ctx.Err() != nil {
			return nil, errAway
		}
		return s.make(ctx)
	}}
	hurried, leave := context.WithCancel(t.Context())
	left, answered := make(chan error, 1), make(chan error, 1)
	go func() { _, err := s.Get(hurried, slow); left <- err }()
	<-begun
	go func() { _, err := s.Get(t.Context(), slow); answered <- err }()
	leave()
	if err := <-left; !apierr.IsKind(err, apierr.KindUnavailable) {
		t.Errorf("whoever left first got %v, want unavailable", err)
	}
	close(end)
	if err := <-answered; err != nil {
		t.Errorf("whoever waited on got %v", err)
	}
}

var decoders = map[pagecache.Encoding]func(io.Reader) (io.Reader, error){
	pagecache.Zstd:     func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) },
	pagecache.Brotli:   func(r io.Reader) (io.Reader, error) { return brotli.NewReader(r), nil },
	pagecache.Identity: func(r io.Reader) (io.Reader, error) { return r, nil },
	pagecache.Gzip: func(r io.Reader) (io.Reader, error) {
		z, err := gzip.NewReader(r)
		if err == nil {
			z.Multistream(false) // as browsers read it
		}
		return z, err
	},
}

func decode(t *testing.T, e pagecache.Encoding, body []byte) string {
	t.Helper()
	r, err := decoders[e](bytes.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", e, err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatalf("%s: %v", e, err)
	}
	return string(plain)
}

// text is something that can be compressed, of a length.
func text(random *rand.Rand, length int) string {
	words := strings.Fields("<li class=book-card> <h3> The Turn of the Screw </h3> <p> $12.99 </p> </li> ñandú")
	var b strings.Builder
	for b.Len() < length {
		b.WriteString(words[random.IntN(len(words))] + " ")
	}
	return b.String()[:length]
}

func TestPagesAreReadAsTheyWereWritten(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, length := range []int{0, 1, 40, 1000, 70_000, 300_000} {
		head, own, tail := text(random, length/3), text(random, length%3000), text(random, length)
		guest := head + "guest" + tail
		page := pagecache.New(200, []byte(guest), []byte(head), nil, []byte(tail))
		for e := range decoders {
			if got := decode(t, e, page.Guest(e)); got != guest {
				t.Errorf("%d bytes in %q: a guest's page is not what was written", length, e)
			}
			if !e.Joins() {
				continue
			}
			for range 2 { // what is shared stays as it is
				if got := decode(t, e, bytes.Join(page.Around(e, []byte(own)), nil)); got != head+own+tail {
					t.Errorf("%d bytes in %q: a page with something in it is not what was written", length, e)
				}
			}
		}
	}
}

func TestTheSizeDoesNotTellWhatIsTheVisitorsOwn(t *testing.T) {
	tail := "you searched for: Secret Name 12345"
	page := pagecache.New(200, nil, []byte("<main>"), nil, []byte(tail))
	for e := range decoders {
		if !e.Joins() {
			continue
		}
		size := func(own string) int { return len(bytes.Join(page.Around(e, []byte(own)), nil)) }
		if same, other := size("Secret Name 12345"), size("Zebras Flow 98760"); same != other {
			t.Errorf("%q: %d bytes for what the page repeats, %d for something else", e, same, other)
		}
	}
}

func TestTheBestEncodingIsChosenThatTheBrowserKnows(t *testing.T) {
	for header, want := range map[string][2]string{
		"gzip, deflate, br, zstd": {"zstd", "zstd"}, "gzip, deflate, br": {"br", "gzip"}, "gzip": {"gzip", "gzip"},
		"": {"", ""}, "identity": {"", ""}, "zstd;q=0, br;q=0.000, GZIP;q=0.5": {"gzip", "gzip"}, "br": {"br", ""}, "gzip;q=x": {"", ""},
	} {
		if got := [2]string{pagecache.Choose(header, false).String(), pagecache.Choose(header, true).String()}; got != want {
			t.Errorf("%q: got %q, want %q", header, got, want)
		}
	}
}
