package main

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/pages"
	"bookstore/shared/catalogapi"
)

// row is a group of rows of the table that is measured as one.
type row struct {
	name    string
	measure func(ctx context.Context, s *shop) error
}

// allRows are in the order in which they are measured: what writes comes after
// what reads.
var allRows = []row{
	{"rest", func(context.Context, *shop) error { return nil }}, // before there are people
	{"guest", guestPages},
	{"signed-in", signedInPages},
	{"json", jsonAnswers},
	{"lists", lists},
	{"search", searches},
	{"updates", searchesBesideUpdates},
	{"visit", firstVisits},
	{"login", logins},
	{"connections", manyConnections},
	{"checkout", checkouts},
}

const (
	megabyte = 1 << 20
	// quiet is how long a shop is left alone before its memory counts.
	quiet = 2 * time.Second
	// readers is how many visitors read at once.
	readers = 8
	// crowd is how many connections are too many.
	crowd = 1000
)

// rest measures the programs that nobody has used yet.
func (s *shop) rest(ctx context.Context) error {
	pause(ctx, quiet)
	for _, program := range cluster.Programs {
		memory, err := memoryOf(ctx, s.Cluster, program)
		if err != nil {
			return err
		}
		file, err := os.Stat(filepath.Join(s.o.bin, program))
		if err != nil {
			return err
		}
		s.add(
			result{Work: program + " at rest", Value: memory / megabyte, Unit: "MB"},
			result{Work: program + ", program", Value: float64(file.Size()) / megabyte, Unit: "MB", Note: "stripped, as in the images"},
		)
	}
	return nil
}

// fullCatalog measures what catalogsvc needs for all books.
func (s *shop) fullCatalog(ctx context.Context) error {
	process := s.Processes(cluster.Catalog)[0]
	used, err := metric(ctx, process, "process_cpu_seconds_total")
	if err != nil {
		return err
	}
	pause(ctx, quiet)
	memory, err := memoryOf(ctx, s.Cluster, cluster.Catalog)
	if err != nil {
		return err
	}
	s.add(
		result{Work: "catalogsvc, index made", Value: used, Unit: "s of CPU", Note: fmt.Sprintf("%.1f s until it was ready", s.started.Seconds())},
		result{Work: "catalogsvc, all books", Value: memory / megabyte, Unit: "MB"},
	)
	return nil
}

// shopPages are the pages that are measured, by what the table calls them.
func (s *shop) shopPages() []struct{ name, path string } {
	return []struct{ name, path string }{
		{"home", "/"},
		{"catalogue", "/books"},
		{"search", "/books?q=river"},
		{"book", fmt.Sprintf("/books/%d", s.market.anyBook().ID)},
	}
}

func guestPages(ctx context.Context, s *shop) error { return s.comparePages(ctx, "guest") }

func signedInPages(ctx context.Context, s *shop) error {
	cookie, err := s.signIn(ctx)
	if err != nil {
		return err
	}
	return s.comparePages(ctx, "signed in", "Cookie", cookie)
}

// comparePages compares pages with the same bytes from net/http.
func (s *shop) comparePages(ctx context.Context, who string, headers ...string) error {
	headers = append(headers, "Accept-Encoding", browserEncodings, "Accept", "text/html", "Accept-Language", "en")
	var works []work
	for i, page := range s.shopPages() {
		copied := fmt.Sprintf("/answers/%d", i)
		if err := s.copyAnswer(ctx, page.path, copied, headers); err != nil {
			return err
		}
		works = append(works, work{
			name:      page.name + ", " + who,
			shop:      asking(s.address(cluster.Frontend), readers, get(page.path, headers...)),
			yardstick: asking(s.bare.addr, readers, get(copied, headers...)),
		})
	}
	return s.compareAll(ctx, works)
}

// copyAnswer gives the yardstick an answer of the shop.
func (s *shop) copyAnswer(ctx context.Context, path, to string, headers []string) error {
	resp, body, err := exchange(ctx, http.MethodGet, s.URL+path, nil, headers)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s was answered with %s", path, resp.Status)
	}
	if err != nil {
		return err
	}
	var kept []string
	for name, values := range resp.Header {
		if name != "Content-Length" && name != "Date" && name != "Set-Cookie" {
			kept = append(kept, name, values[0])
		}
	}
	_, _, err = exchange(ctx, http.MethodPut, "http://"+s.bare.addr+to, body, kept)
	return err
}

// signIn signs a buyer in at the pages, looks at one, and returns the cookies of
// the session and of the cart's number: with that of a write of late nothing would
// come from a cache.
func (s *shop) signIn(ctx context.Context) (string, error) {
	browser := pages.NewBrowser()
	fields := pages.Form("email", accountOf("buyer", 0), "password", password)
	resp, err := browser.PostForm(s.URL+"/login", fields)
	if err != nil {
		return "", err
	}
	_ = resp.Body.Close()
	if resp, err = browser.Get(s.URL + "/books"); err != nil {
		return "", err
	}
	_ = resp.Body.Close()
	at, err := url.Parse(s.URL)
	if err != nil {
		return "", err
	}
	var kept []string
	for _, cookie := range browser.Jar.Cookies(at) {
		if cookie.Name == "session" || cookie.Name == "badge" {
			kept = append(kept, cookie.Name+"="+cookie.Value)
		}
	}
	if len(kept) != 2 {
		return "", fmt.Errorf("after signing in a browser keeps %d of session and badge", len(kept))
	}
	return strings.Join(kept, "; "), nil
}

func jsonAnswers(ctx context.Context, s *shop) error {
	catalog := s.address(cluster.Catalog)
	id := s.market.anyBook().ID
	return s.compareAll(ctx, []work{
		{"JSON, list of 24", asking(catalog, readers, get("/v1/books?limit=24")), asking(s.bare.addr, readers, get("/books"))},
		{"JSON, one book", asking(catalog, readers, get(fmt.Sprintf("/v1/books/%d", id))), asking(s.bare.addr, readers, get(fmt.Sprintf("/books/%d", id)))},
	})
}

func logins(ctx context.Context, s *shop) error {
	var works []work
	for _, clients := range s.o.logins {
		var requests []request
		for i := range s.o.buyers {
			body := fmt.Sprintf(`{"email":%q,"password":%q}`, accountOf("buyer", i), password)
			requests = append(requests, newRequest("POST", "/v1/sessions", body, "Content-Type", "application/json"))
		}
		works = append(works, work{
			name:      fmt.Sprintf("login, %d at once", clients),
			shop:      asking(s.address(cluster.Auth), clients, requests...),
			yardstick: asking(s.bare.addr, clients, newRequest("POST", "/login", password)),
		})
	}
	return s.compareAll(ctx, works)
}

// manyConnections compares a crowd with as many visitors as are served best.
func manyConnections(ctx context.Context, s *shop) error {
	page := get("/books", "Accept-Encoding", browserEncodings, "Accept", "text/html")
	addr := s.address(cluster.Frontend)
	r, err := s.compare(ctx, "1,000 connections beside 8", longer(4, asking(addr, crowd, page)), asking(addr, readers, page))
	if err != nil {
		return err
	}
	r.CPU = 0 // that of the eight is in it
	memory, err := memoryOf(ctx, s.Cluster, cluster.Frontend)
	if err != nil {
		return err
	}
	s.add(r, result{Work: "frontend, 1,000 connections", Value: memory / megabyte, Unit: "MB"})
	return nil
}

// lists compares lists of all books with the same ones of few.
func lists(ctx context.Context, s *shop) error {
	requests, err := s.listRequests(ctx)
	if err != nil {
		return err
	}
	return s.askEach(ctx, requests, func(l listRequest, t tally) {
		r := measured(l.name, t)
		if before := s.small[l.name]; before > 0 && s.o.books > few {
			r.Ratio = float64(t.percentile(0.5)) / float64(before)
			r.Note = fmt.Sprintf("p50 beside %.1f ms with %d books", milliseconds(before), few)
		}
		s.add(r)
	})
}

// smallLists measures the lists while there are few books.
func (s *shop) smallLists(ctx context.Context) error {
	requests, err := s.listRequests(ctx)
	if err != nil {
		return err
	}
	return s.askEach(ctx, requests, func(l listRequest, t tally) { s.small[l.name] = t.percentile(0.5) })
}

type listRequest struct {
	name    string
	request request
}

func (s *shop) listRequests(ctx context.Context) ([]listRequest, error) {
	deep, err := s.cursorBehind(ctx, deepPages)
	if err != nil {
		return nil, err
	}
	return []listRequest{
		{"newest", get("/v1/books?sort=newest")},
		{"deep page", get("/v1/books?sort=newest&cursor=" + url.QueryEscape(deep))},
		{"category", get("/v1/books?category=fiction&sort=newest")},
		{"book", get(fmt.Sprintf("/v1/books/%d", min(few, s.o.books)/2))},
		{"language, condition", get("/v1/books?language=de&condition=new")},
		{"price range by title", get("/v1/books?min_price=1000&max_price=1500&sort=title")},
		{"category counts", get("/v1/categories")},
	}, nil
}

// deepPages is how many pages come before the one that is called deep.
const deepPages = 20

// cursorBehind returns the cursor of a list after some pages, or its last one.
func (s *shop) cursorBehind(ctx context.Context, pages int) (cursor string, err error) {
	for range pages {
		found, err := catalogOf(s.Cluster).Books(ctx, catalogapi.BookQuery{Sort: catalogapi.SortNewest, Limit: 24, Cursor: cursor})
		if err != nil {
			return "", fmt.Errorf("look for a deep page: %w", err)
		}
		if found.NextCursor == "" {
			break
		}
		cursor = found.NextCursor
	}
	return cursor, nil
}

// askEach asks catalogsvc each of some requests again and again, from one client.
func (s *shop) askEach(ctx context.Context, requests []listRequest, seen func(listRequest, tally)) error {
	for _, r := range requests {
		ask := asking(s.address(cluster.Catalog), 1, r.request)
		if _, err := ask(ctx, s.o.slice/4); err != nil {
			return err
		}
		t, err := ask(ctx, s.o.slice)
		if err != nil {
			return err
		}
		seen(r, t)
	}
	return nil
}

// searchRequests are the searches that are hard, and one that is not.
func (s *shop) searchRequests(ctx context.Context) ([]listRequest, error) {
	old, err := catalogOf(s.Cluster).Book(ctx, int64(min(few, s.o.books)/2))
	if err != nil {
		return nil, fmt.Errorf("look for a title: %w", err)
	}
	search := func(q, more string) request { return get("/v1/books?q=" + url.QueryEscape(q) + more) }
	return []listRequest{
		{"search: the", search("the", "")},
		{"search: the by price", search("the", "&sort=price_asc")},
		{"search: two letters", search("th", "")},
		{"search: four letters", search("rive", "")},
		{"search: exact title", search(old.Title, "")},
		{"search: rare word", search(s.market.anyBook().SellerName, "")},
	}, nil
}

func searches(ctx context.Context, s *shop) error {
	requests, err := s.searchRequests(ctx)
	if err != nil {
		return err
	}
	return s.askEach(ctx, requests, func(q listRequest, t tally) { s.add(measured(q.name, t)) })
}

const (
	searchesPerSecond = 200
	updatesPerSecond  = 75
)

// searchesBesideUpdates searches and updates at rates that do not depend on how
// long each takes.
func searchesBesideUpdates(ctx context.Context, s *shop) error {
	requests, err := s.searchRequests(ctx)
	if err != nil {
		return err
	}
	clients := make(chan *client, 4*searchesPerSecond)
	search := func(_ context.Context, i int) error {
		c := &client{addr: s.address(cluster.Catalog)}
		select {
		case c = <-clients:
		default:
		}
		defer func() { clients <- c }()
		resp, err := c.ask(requests[i%len(requests)].request)
		switch {
		case err != nil:
			return err
		case resp.StatusCode == http.StatusServiceUnavailable:
			return errShed
		case resp.StatusCode != http.StatusOK:
			return fmt.Errorf("a search was answered with %s", resp.Status)
		}
		return nil
	}
	d := s.o.slice * time.Duration(s.o.turns)
	done := make(chan error, 1)
	var updates tally
	go func() {
		var err error
		updates, err = openLoop(ctx, updatesPerSecond, d, s.market.update)
		done <- err
	}()
	found, err := openLoop(ctx, searchesPerSecond, d, search)
	if err := cmp.Or(err, <-done); err != nil {
		return err
	}
	r := measured("200 searches/s beside 75 updates/s", found)
	r.Note = fmt.Sprintf("updates: %.1f/s, p99 %.1f ms; %d cores", updates.rate(), milliseconds(updates.percentile(0.99)), runtime.NumCPU())
	s.add(r)
	return nil
}
