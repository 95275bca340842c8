package audit

import (
	"maps"
	"slices"
	"sync"
	"time"

	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// ledger is the book of what was promised.
type ledger struct {
	mu      sync.Mutex
	titles  []*title
	byBook  map[int64]*title
	orders  map[string]*purchase // by id
	sales   map[string]*sale     // by the shipment's id
	open    []*checkout          // without an answer so far
	refused int
}

func newLedger() *ledger {
	return &ledger{byBook: map[int64]*title{}, orders: map[string]*purchase{}, sales: map[string]*sale{}}
}

// title is a book that a seller lists, as the seller knows it.
type title struct {
	seller *person
	book   catalogapi.Book
	copies int64 // that were ever put on the shelf
	prices []priceSpan
	doubt  *edit // that was sent and never answered
}

// edit is a change of a listing: copies that are added, from when on it was
// asked for, and the version that it was made to.
type edit struct {
	added   int64
	version int64
	from    time.Time
}

// priceSpan is a price and when it may have been asked: from the request that set
// it to the answer that said it was another.
type priceSpan struct {
	price       int64
	from, until time.Time // until is zero while it holds
}

func (t *title) cost(price int64, from, until time.Time) bool {
	return slices.ContainsFunc(t.prices, func(s priceSpan) bool {
		return s.price == price && !s.from.After(until) && (s.until.IsZero() || !s.until.Before(from))
	})
}

// purchase is an order that a buyer was answered with.
type purchase struct {
	buyer       *person
	from, until time.Time     // of the request that placed it
	placed      shopapi.Order // as the answer said
	paid        bool          // an answer said so
	calledOff   bool          // an answer said so
	ownPrice    bool          // the buyer named a price that nobody asks
}

// sale is a shipment as its seller was last told; without a state, as the seller
// has asked for.
type sale struct {
	state     string
	restocked bool // the seller says that the rejected copies are there
}

func (l *ledger) list(seller *person, b catalogapi.Book, from time.Time) *title {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := &title{seller: seller, book: b, copies: b.Stock, prices: []priceSpan{{price: b.Price.Amount, from: from}}}
	l.titles = append(l.titles, t)
	l.byBook[b.ID] = t
	return t
}

// try notes that a change is sent whose effect is not known yet.
func (l *ledger) try(t *title, e edit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	t.doubt = &e
}

// resolve notes from the listing as it is now what became of the change.
func (l *ledger) resolve(t *title, b catalogapi.Book) {
	l.mu.Lock()
	defer l.mu.Unlock()
	e := t.doubt
	t.doubt = nil
	if e == nil || b.Version == e.version {
		return
	}
	t.copies += e.added
	if last := &t.prices[len(t.prices)-1]; last.price != b.Price.Amount {
		last.until = time.Now()
		t.prices = append(t.prices, priceSpan{price: b.Price.Amount, from: e.from})
	}
	t.book = b
}

// shelf returns up to n titles, as their sellers offer them now. The latest are
// wanted most.
func (l *ledger) shelf(d *dice, n int) []catalogapi.Book {
	const latest = 12
	l.mu.Lock()
	defer l.mu.Unlock()
	books := map[int64]catalogapi.Book{}
	for range n {
		among := l.titles
		if d.IntN(2) == 0 {
			among = among[max(0, len(among)-latest):]
		}
		b := among[d.IntN(len(among))].book
		books[b.ID] = b
	}
	return slices.Collect(maps.Values(books))
}

func (l *ledger) titleOf(seller *person, d *dice) *title {
	l.mu.Lock()
	defer l.mu.Unlock()
	var own []*title
	for _, t := range l.titles {
		if t.seller == seller {
			own = append(own, t)
		}
	}
	return own[d.IntN(len(own))]
}

func (l *ledger) accepted(id string, p *purchase) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, known := l.orders[id]; !known {
		l.orders[id] = p
	}
}

func (l *ledger) told(id string, note func(*purchase)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	note(l.orders[id])
}

func (l *ledger) shipped(id string, s sale) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sales[id] = &s
}

func (l *ledger) noteRefusal() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.refused++
}

func (l *ledger) leaveOpen(c *checkout) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open = append(l.open, c)
}
