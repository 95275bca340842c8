package resilience

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/customers"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// replicaDelay is how far the replicas lag behind: longer than the journeys
// take between a write and a look at it.
const replicaDelay = 10 * time.Second

// lagging is a shop whose replicas lag behind, and the people in it.
type lagging struct {
	*shoptest.Shop
	t                    *testing.T
	log                  *pages.Log
	seller, buyer, admin *customers.Customer
	bookID, bookPath     string
	orderID              string
}

func TestEveryoneSeesTheirOwnWritesHoweverFarTheReplicasLag(t *testing.T) {
	d := startReplicatedDatabase(t)
	o := d.options()
	o.Frontends = 2
	l := &lagging{Shop: shoptest.Open(t, o), t: t, log: &pages.Log{}}
	d.catchUp(t)
	d.follow(t, replicaDelay)
	before := l.reads()

	l.seller = customers.New(t, l.Shop, l.log, l.Register(t, "Sam Seller"), nil)
	l.buyer = customers.New(t, l.Shop, l.log, l.Register(t, "Bea Buyer"), nil)
	l.admin = customers.New(t, l.Shop, l.log, l.SignIn(t, shoptest.Admin), nil)
	l.sellerLists()
	l.strangerFinds()
	l.sellerChanges()
	l.buyerBuys()
	l.sellerShips()
	l.adminRules()
	l.apisAnswerFresh()
	l.log.Check(t)
	journeys := l.reads()

	d.follow(t, 0)
	d.catchUp(t)
	l.strangerFinds()
	l.strangersNeverTouchTheWriter()
	after := l.reads()
	shoptest.Table(t, fmt.Sprintf("Replicas %v behind: every write was seen at once by whoever made it", replicaDelay),
		"requests on pages", l.log.Sent(),
		"reads of the catalog, by people who write", share(before, journeys),
		"reads of the catalog, by strangers", share(journeys, after))
}

// writes sends a form that must lead on.
func (l *lagging) writes(p *customers.Customer, path string, fields url.Values) (leads string) {
	l.t.Helper()
	a, ok := p.Post(l.t.Context(), path, fields)
	if !ok || a.StatusCode != http.StatusSeeOther {
		l.t.Fatalf("%s posts to %s: no redirect but %s", p.Account.Name, path, a.StatusText())
	}
	return a.Header.Get("Location")
}

// sees wants texts on a page.
func (l *lagging) sees(p *customers.Customer, path string, texts ...string) pages.Answer {
	l.t.Helper()
	a, ok := p.Get(l.t.Context(), path)
	if !ok || a.StatusCode != http.StatusOK {
		l.t.Fatalf("%s looks at %s: %s", p.Account.Name, path, a.StatusText())
	}
	for _, text := range texts {
		if !strings.Contains(a.Page, text) {
			l.t.Errorf("%s does not see %q at %s", p.Account.Name, text, path)
		}
	}
	return a
}

// misses wants a text not to be on a page.
func (l *lagging) misses(p *customers.Customer, path, text string) {
	l.t.Helper()
	if a, ok := p.Get(l.t.Context(), path); !ok || strings.Contains(a.Page, text) {
		l.t.Errorf("%s still sees %q at %s", p.Account.Name, text, path)
	}
}

var editLink = regexp.MustCompile(`/selling/books/(\d+)/edit`)

func (l *lagging) sellerLists() {
	l.t.Helper()
	l.writes(l.seller, "/selling", pages.Form("seller_name", "Tidal Books"))
	l.sees(l.seller, "/selling/books")
	l.bookID = l.offer("The Moonstone")
	l.bookPath = "/books/" + l.bookID
	l.sees(l.seller, "/books?q=moonstone", "The Moonstone", l.bookPath)
	l.sees(l.seller, "/", "The Moonstone")
	l.sees(l.seller, l.bookPath, "The Moonstone", "Tidal Books")
}

// offer lists a book and returns its id.
func (l *lagging) offer(title string) string {
	l.t.Helper()
	l.writes(l.seller, "/selling/books/new", pages.Form("title", title, "authors", "Wilkie Collins", "category", "classics",
		"language", "en", "condition", catalogapi.ConditionGood, "price", "7.50", "stock", "3"))
	page := l.sees(l.seller, "/selling/books", title).Page
	ids := editLink.FindStringSubmatch(page)
	if ids == nil {
		l.t.Fatal("the seller's list links to no book")
	}
	return ids[1] // the latest comes first
}

// strangerFinds looks for the book with the eyes of somebody who wrote nothing.
// Searches follow the writer, and a book that a replica does not know yet comes
// from there.
func (l *lagging) strangerFinds() {
	l.t.Helper()
	stranger := l.stranger()
	shoptest.Await(l.t, "a stranger finds the book", func() bool {
		a, ok := stranger.Get(l.t.Context(), "/books?q=moonstone&sort=newest")
		return ok && strings.Contains(a.Page, l.bookPath)
	})
	l.sees(stranger, l.bookPath, "The Moonstone")
}

func (l *lagging) stranger() *customers.Customer {
	return &customers.Customer{Shop: l.Shop, Log: l.log, Browser: pages.NewBrowser(), Account: shoptest.Account{Name: "A stranger"}}
}

func (l *lagging) sellerChanges() {
	l.t.Helper()
	edit := "/selling/books/" + l.bookID + "/edit"
	fields := l.form(l.seller, edit)
	fields.Set("title", "The Moonstone, annotated")
	fields.Set("authors", "Wilkie Collins")
	fields.Set("category", "classics")
	fields.Set("language", "en")
	fields.Set("condition", catalogapi.ConditionVeryGood)
	fields.Set("price", "9.25")
	l.writes(l.seller, edit, fields)
	l.sees(l.seller, "/selling/books", "The Moonstone, annotated", "$9.25")
	l.sees(l.seller, l.bookPath, "The Moonstone, annotated", "$9.25")
	l.sees(l.seller, "/books?q=annotated", "$9.25")

	gone := l.offer("A Rogue’s Life")
	l.writes(l.seller, "/selling/books/"+gone+"/delete", pages.Form())
	l.misses(l.seller, "/selling/books", "Rogue’s Life")
	l.misses(l.seller, "/books?q=rogue", "/books/"+gone)
	if a, ok := l.seller.Get(l.t.Context(), "/books/"+gone); !ok || a.StatusCode != http.StatusGone {
		l.t.Errorf("the seller still finds the book that was deleted: %s", a.StatusText())
	}
}

// form returns the form on a page that is sent to the page itself.
func (l *lagging) form(p *customers.Customer, path string) url.Values {
	l.t.Helper()
	fields := p.FormOn(l.t.Context(), path)
	if fields == nil {
		l.t.Fatalf("no form at %s", path)
	}
	return fields
}

func (l *lagging) buyerBuys() {
	l.t.Helper()
	l.writes(l.buyer, "/account", pages.Form("name", "Beatrice Buyer", "email", l.buyer.Account.Email))
	l.sees(l.buyer, "/account", "Beatrice Buyer")
	l.writes(l.buyer, "/cart", pages.Form("book_id", l.bookID, "quantity", "1"))
	l.sees(l.buyer, "/cart", "The Moonstone, annotated", "$9.25")
	l.writes(l.buyer, "/cart/lines/"+l.bookID, pages.Form("quantity", "2"))
	l.sees(l.buyer, "/cart", "$18.50")

	id, err := strconv.ParseInt(l.bookID, 10, 64)
	if err != nil {
		l.t.Fatal(err)
	}
	fields := l.buyer.Checkout(l.t.Context(), catalogapi.Book{ID: id})
	leads := l.writes(l.buyer, "/checkout", fields)
	match := pages.OrderPath.FindStringSubmatch(leads)
	if match == nil {
		l.t.Fatalf("the checkout leads to %s", leads)
	}
	l.orderID = match[1]
	l.misses(l.buyer, "/cart", "Moonstone")
	l.sees(l.buyer, "/orders", l.orderID)
	l.sees(l.buyer, "/orders/"+l.orderID, "The Moonstone, annotated")
	l.buyer.Pay(l.t.Context(), l.orderID)
	l.sees(l.buyer, "/orders/"+l.orderID, "Tidal Books")
	if got := l.Stock(l.t, id); got != 1 {
		l.t.Errorf("the stock is %d after 2 of 3 were sold", got)
	}
	if got := l.form(l.seller, "/selling/books/"+l.bookID+"/edit").Get("stock"); got != "1" {
		l.t.Errorf("the seller sees a stock of %s after 2 of 3 were sold", got)
	}
}

var saleLink = regexp.MustCompile(`/selling/orders/[0-9a-f-]{36}`)

func (l *lagging) sellerShips() {
	l.t.Helper()
	sale := saleLink.FindString(l.sees(l.seller, "/selling/orders").Page)
	if sale == "" {
		l.t.Fatal("the seller sees no sale")
	}
	l.writes(l.seller, sale+"/accept", pages.Form())
	l.writes(l.seller, sale+"/dispatch", pages.Form("tracking_number", "TIDE-2026"))
	l.sees(l.seller, sale, "TIDE-2026")
	l.sees(l.buyer, "/orders/"+l.orderID, "TIDE-2026")
	l.writes(l.seller, sale+"/deliver", pages.Form())
	l.sees(l.buyer, "/orders/"+l.orderID, "Delivered")
}

func (l *lagging) adminRules() {
	l.t.Helper()
	l.writes(l.admin, "/admin/delivery-providers", pages.Form("name", "Tidal Post", "coverage", shopapi.CoverageNational, "cost", "4.00", "active", "true"))
	l.sees(l.admin, "/admin/delivery-providers", "Tidal Post", "$4.00")
	l.writes(l.buyer, "/cart", pages.Form("book_id", l.bookID, "quantity", "1"))
	l.sees(l.buyer, "/checkout", "Tidal Post")
	l.sees(l.admin, "/admin/orders", l.orderID)
	refund := l.sees(l.admin, "/admin/orders/"+l.orderID).Page
	if f := pages.FindForm(refund, "/admin/orders/"+l.orderID+"/refunds"); f != nil {
		fields := pages.FieldsOf(f)
		fields.Set("amount", "1.25")
		fields.Set("reason", "A torn page")
		l.writes(l.admin, "/admin/orders/"+l.orderID+"/refunds", fields)
		l.sees(l.admin, "/admin/orders/"+l.orderID, "$1.25", "A torn page")
		l.sees(l.buyer, "/orders/"+l.orderID, "$1.25")
	} else {
		l.t.Error("the admin finds no form for refunds")
	}
	late := l.Register(l.t, "Late Comer")
	l.sees(l.admin, "/admin/users?q="+url.QueryEscape(late.Email), "Late Comer")
	user := fmt.Sprintf("/admin/users/%d", late.ID)
	l.writes(l.admin, user, pages.Form("status", authapi.StatusSuspended))
	l.sees(l.admin, "/admin/users?q="+url.QueryEscape(late.Email), `value="`+authapi.StatusActive+`"`)
}

// apisAnswerFresh writes and reads through the APIs, as programs do that ask
// for what is new.
func (l *lagging) apisAnswerFresh() {
	l.t.Helper()
	seller := l.SignIn(l.t, l.seller.Account)
	ctx := seller.As(l.t.Context())
	book := l.List(l.t, seller, "The Woman in White", 500, 1)
	l.wantListed(ctx, book.ID, true)
	got, err := l.Catalog.Book(ctx, book.ID)
	if err != nil || got.Title != book.Title {
		l.t.Errorf("the API's book is %q (%v)", got.Title, err)
	}
	if err := l.Catalog.DeleteBook(ctx, book.ID); err != nil {
		l.t.Fatal(err)
	}
	l.wantListed(ctx, book.ID, false)
	if _, err := l.Catalog.Book(ctx, book.ID); !apierr.IsKind(err, apierr.KindNotFound) {
		l.t.Errorf("a book that was deleted: %v", err)
	}
	name := "Samuel Seller"
	if _, err := l.Auth.UpdateMe(ctx, authapi.Profile{Name: &name}); err != nil {
		l.t.Fatal(err)
	}
	if me, err := l.Auth.Me(ctx); err != nil || me.Name != name {
		l.t.Errorf("the account's name is %q (%v), want %q", me.Name, err, name)
	}
	if sales, err := l.Orders.Sales(ctx, shopapi.SaleQuery{}); err != nil || len(sales.Items) != 1 {
		l.t.Errorf("the API knows %d sales (%v), want 1", len(sales.Items), err)
	}
}

func (l *lagging) wantListed(ctx context.Context, id int64, want bool) {
	l.t.Helper()
	books, err := l.Catalog.Books(ctx, catalogapi.BookQuery{Q: "woman white"})
	if err != nil || (len(books.Items) == 1) != want {
		l.t.Errorf("book %d is listed: %v (%v), want %v", id, len(books.Items) == 1, err, want)
	}
}

// strangersNeverTouchTheWriter browses as somebody who wrote nothing, and then
// waits as long as that took: the catalog asks its writer on its own what has
// changed, and must not ask more while strangers browse.
func (l *lagging) strangersNeverTouchTheWriter() {
	l.t.Helper()
	const visits = 30
	before, begun := l.reads(), time.Now()
	for i := range visits {
		stranger := l.stranger()
		l.sees(stranger, "/")
		l.sees(stranger, fmt.Sprintf("/books?q=moonstone&max_price=%d", 100+i), "The Moonstone") // which no cache has
		l.sees(stranger, l.bookPath)
	}
	after := l.reads()
	shoptest.Pause(l.t.Context(), time.Since(begun))
	own := l.reads()["writer"] - after["writer"]
	if after["reader"]-before["reader"] < visits {
		l.t.Error("the replicas serve nobody")
	}
	if asked := after["writer"] - before["writer"] - own; asked >= visits/2 {
		l.t.Errorf("the writer was read %v times more while strangers browsed, want never", asked)
	}
}

var readsMetric = regexp.MustCompile(`(?m)^db_reads_total\{role="(\w+)"\} (\S+)$`)

// reads returns how many reads of the catalog each role has served.
func (l *lagging) reads() map[string]float64 {
	l.t.Helper()
	total := map[string]float64{}
	for _, p := range l.Processes(cluster.Catalog) {
		text, err := p.Metrics(l.t.Context())
		if err != nil {
			l.t.Fatal(err)
		}
		for _, m := range readsMetric.FindAllStringSubmatch(text, -1) {
			n, err := strconv.ParseFloat(m[2], 64)
			if err != nil {
				l.t.Fatal(err)
			}
			total[m[1]] += n
		}
	}
	return total
}

func share(before, after map[string]float64) string {
	replica, writer := after["reader"]-before["reader"], after["writer"]-before["writer"]
	return fmt.Sprintf("%.0f, %.0f %% of them served by replicas", replica+writer, 100*replica/max(replica+writer, 1))
}
