// Package sitemap tells search engines which pages there are (sitemaps.org): an
// index, the pages of the shop itself, and the books on offer in files of
// neighboring ids. A file is made when it is asked for and again only when a book
// in it has changed.
package sitemap

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"bookstore/frontend/internal/texts"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"

	"github.com/gorilla/mux"
	"github.com/maypok86/otter/v2"
	"golang.org/x/sync/singleflight"
)

// Paths of the index and of the files that it names.
const (
	IndexPath = "/sitemap.xml"
	pagesPath = "/sitemaps/pages.xml"
	booksPath = "/sitemaps/books-%d.xml"
)

const (
	// rangesKept is how long what is known of the ranges is good.
	rangesKept = 10 * time.Minute
	// makeTimeout bounds what making a file takes.
	makeTimeout = 10 * time.Second
	// limit is how many bytes all files may have, compressed.
	limit = 16 << 20
)

var errNoFile = errors.New("no such sitemap")

// Maps answers for the sitemaps of a shop.
type Maps struct {
	catalog *catalogapi.Client
	origin  string // of the addresses, without a slash at its end
	files   *otter.Cache[string, *file]
	making  singleflight.Group

	mu      sync.Mutex
	ranges  []catalogapi.BookRange
	askedAt time.Time
}

// New returns the sitemaps of a shop at an origin, such as "https://shop.example".
func New(catalog *catalogapi.Client, origin string) *Maps {
	return &Maps{catalog: catalog, origin: origin, files: otter.Must(&otter.Options[string, *file]{
		MaximumWeight: limit,
		Weigher:       func(key string, f *file) uint32 { return uint32(len(key) + len(f.zipped)) },
	})}
}

// Routes registers the sitemaps.
func (m *Maps) Routes(r *mux.Router) {
	get := func(path string, h func(r *http.Request) (*file, error)) {
		r.Path(path).Methods(http.MethodGet, http.MethodHead).HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			f, err := h(r)
			if err != nil {
				refuse(w, r, err)
				return
			}
			f.serve(w, r)
		})
	}
	get(IndexPath, m.index)
	get(pagesPath, m.pages)
	get("/sitemaps/books-{number:[0-9]{1,6}}.xml", m.books)
}

func refuse(w http.ResponseWriter, r *http.Request, err error) {
	w.Header().Set("Cache-Control", "no-store")
	if errors.Is(err, errNoFile) {
		http.NotFound(w, r)
		return
	}
	slog.WarnContext(r.Context(), "sitemap not shown", "error", err)
	w.Header().Set("Retry-After", "60")
	http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
}

// index answers GET /sitemap.xml.
func (m *Maps) index(r *http.Request) (*file, error) {
	ranges, err := m.known(r.Context())
	if err != nil {
		return nil, err
	}
	entries := []entry{{at: m.origin + pagesPath}}
	var changed time.Time
	for _, in := range ranges {
		entries = append(entries, entry{m.origin + fmt.Sprintf(booksPath, in.Number), in.UpdatedAt})
		if in.UpdatedAt.After(changed) {
			changed = in.UpdatedAt
		}
	}
	return write("sitemapindex", "sitemap", entries, changed)
}

// pages answers GET /sitemaps/pages.xml.
func (m *Maps) pages(r *http.Request) (*file, error) {
	ctx, cancel := context.WithTimeout(r.Context(), makeTimeout)
	defer cancel()
	categories, err := m.catalog.Categories(ctx)
	if err != nil {
		return nil, fmt.Errorf("list the categories: %w", err)
	}
	entries := []entry{{at: m.origin + "/"}, {at: m.origin + "/books"}, {at: m.origin + "/recently-listed"}}
	for _, c := range categories.Items {
		if c.Books > 0 {
			entries = append(entries, entry{at: m.origin + ui.CategoryURL(c.Slug)})
		}
	}
	for _, name := range texts.Names {
		entries = append(entries, entry{at: m.origin + "/" + name})
	}
	return write("urlset", "url", entries, time.Time{})
}

// books answers GET /sitemaps/books-{number}.xml.
func (m *Maps) books(r *http.Request) (*file, error) {
	ranges, err := m.known(r.Context())
	if err != nil {
		return nil, err
	}
	number, _ := strconv.ParseInt(mux.Vars(r)["number"], 10, 64) // digits only
	for _, in := range ranges {
		if in.Number == number {
			return m.booksOf(r.Context(), in)
		}
	}
	return nil, errNoFile
}

// booksOf returns the file of a range as it was last seen, made once for all who
// ask for it.
func (m *Maps) booksOf(ctx context.Context, in catalogapi.BookRange) (*file, error) {
	state := fmt.Sprint(in)
	made, err, _ := m.making.Do(state, func() (any, error) {
		key := strconv.FormatInt(in.Number, 10)
		if f, ok := m.files.GetIfPresent(key); ok && f.state == state {
			return f, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), makeTimeout)
		defer cancel()
		marks, err := m.catalog.BookMarks(ctx, in.Number)
		if err != nil {
			return nil, fmt.Errorf("list range %d: %w", in.Number, err)
		}
		entries := make([]entry, len(marks.Items))
		for i, b := range marks.Items {
			entries[i] = entry{m.origin + string(ui.BookURL(b.ID)), b.UpdatedAt}
		}
		f, err := write("urlset", "url", entries, in.UpdatedAt)
		if err != nil {
			return nil, err
		}
		f.state = state
		m.files.Set(key, f)
		return f, nil
	})
	if err != nil {
		return nil, err
	}
	return made.(*file), nil
}

// known returns the ranges of books as they were up to a few minutes ago, and as
// they last were while catalogsvc is away.
func (m *Maps) known(ctx context.Context) ([]catalogapi.BookRange, error) {
	ranges, askedAt := m.seen()
	if time.Since(askedAt) < rangesKept {
		return ranges, nil
	}
	_, err, _ := m.making.Do("", func() (any, error) { // all who ask at once wait for one answer
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), makeTimeout)
		defer cancel()
		return nil, m.look(ctx)
	})
	if err != nil && !askedAt.IsZero() && apierr.IsKind(err, apierr.KindUnavailable) {
		return ranges, nil
	}
	if err != nil {
		return nil, fmt.Errorf("list the ranges of books: %w", err)
	}
	ranges, _ = m.seen()
	return ranges, nil
}

// seen returns the ranges as they were seen last, and when that was.
func (m *Maps) seen() ([]catalogapi.BookRange, time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.ranges, m.askedAt
}

// look asks for the ranges anew.
func (m *Maps) look(ctx context.Context) error {
	ranges, err := m.ask(ctx)
	if err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ranges, m.askedAt = ranges, time.Now()
	return nil
}

func (m *Maps) ask(ctx context.Context) ([]catalogapi.BookRange, error) {
	var all []catalogapi.BookRange
	for cursor := ""; ; {
		ranges, err := m.catalog.BookRanges(ctx, cursor)
		if err != nil {
			return nil, err
		}
		all = append(all, ranges.Items...)
		if cursor = ranges.NextCursor; cursor == "" {
			return all, nil
		}
	}
}
