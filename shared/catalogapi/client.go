package catalogapi

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"
)

// Client calls catalogsvc. Calls on behalf of a user take the access token
// from the context (httpclient.WithBearer), and httpclient.WithFresh makes reads see all
// that was written. Its methods return *apierr.Error for everything catalogsvc
// refuses, and kind Unavailable when it can't be reached.
type Client struct{ http *httpclient.Client }

// NewClient returns a client that calls through c.
func NewClient(c *httpclient.Client) *Client { return &Client{c} }

// Books returns a page of books.
func (c *Client) Books(ctx context.Context, q BookQuery) (Books, error) {
	return httpclient.Call[Books](ctx, c.http, http.MethodGet, "/v1/books?"+q.Values().Encode(), nil)
}

// PopularBooks returns a few books in stock that sold best lately, the best first.
func (c *Client) PopularBooks(ctx context.Context) (Books, error) {
	return httpclient.Call[Books](ctx, c.http, http.MethodGet, "/v1/books/popular", nil)
}

// Book returns a book on offer. It returns "book_not_found" (kind NotFound).
func (c *Client) Book(ctx context.Context, id int64) (Book, error) {
	return httpclient.Call[Book](ctx, c.http, http.MethodGet, bookPath(id), nil)
}

// AnyBook is Book that also returns a book which is no longer offered: its
// DelistedAt is set, it has no copies, and what its seller wrote of it is gone.
func (c *Client) AnyBook(ctx context.Context, id int64) (Book, error) {
	return httpclient.Call[Book](ctx, c.http, http.MethodGet, bookPath(id)+"?delisted=true", nil)
}

// BookRanges returns a page of the ranges with books on offer, "" being the first
// cursor.
func (c *Client) BookRanges(ctx context.Context, cursor string) (BookRanges, error) {
	return httpclient.Call[BookRanges](ctx, c.http, http.MethodGet, "/v1/books/ranges?cursor="+url.QueryEscape(cursor), nil)
}

// BookMarks returns the books on offer of the range of a number, none for one that
// no range has.
func (c *Client) BookMarks(ctx context.Context, number int64) (BookMarks, error) {
	return httpclient.Call[BookMarks](ctx, c.http, http.MethodGet, "/v1/books/ranges/"+strconv.FormatInt(number, 10), nil)
}

// CreateBook lists a book for the calling seller, once under the key of
// httpclient.WithKey.
func (c *Client) CreateBook(ctx context.Context, in BookInput) (Book, error) {
	return httpclient.Call[Book](ctx, c.http, http.MethodPost, "/v1/books", in)
}

// CheckBook returns what CreateBook and UpdateBook would have against in, every
// field of it, or nil. It lists nothing.
func (c *Client) CheckBook(ctx context.Context, in BookInput) error {
	return c.http.Do(httpclient.WithIdempotent(ctx), http.MethodPost, "/v1/books/check", in, nil)
}

// UpdateBook changes a listing of the calling seller. It returns
// "version_conflict" if the listing was edited meanwhile, and "stock_too_low"
// if fewer copies are left than it takes away.
func (c *Client) UpdateBook(ctx context.Context, id int64, in BookUpdate) (Book, error) {
	return httpclient.Call[Book](ctx, c.http, http.MethodPut, bookPath(id), in)
}

// DeleteBook takes a listing of the calling seller off the shop. Orders keep
// their copies.
func (c *Client) DeleteBook(ctx context.Context, id int64) error {
	return c.http.Do(ctx, http.MethodDelete, bookPath(id), nil, nil)
}

// ClearBooks takes listings of all sellers off the shop, a bounded number at a
// time; for admins. Kind Forbidden with the parameter setting means that the
// shop does not allow it.
func (c *Client) ClearBooks(ctx context.Context) (Cleared, error) {
	return httpclient.Call[Cleared](ctx, c.http, http.MethodDelete, "/v1/books", nil)
}

// PutCover gives a listing of the calling seller the picture that is read from
// body: JPEG, PNG or WebP. The version does not change. It blames the field
// "cover" if the picture can't be taken, and is never repeated.
func (c *Client) PutCover(ctx context.Context, id int64, contentType string, body io.Reader) (Book, error) {
	resp, err := c.http.DoRaw(ctx, http.MethodPut, coverPath(id), contentType, body)
	if err != nil {
		return Book{}, err
	}
	defer resp.Body.Close()
	var book Book
	if err := json.NewDecoder(resp.Body).Decode(&book); err != nil {
		return Book{}, fmt.Errorf("read the answer to a cover: %w: %w", apierr.Unavailable("catalogsvc"), err)
	}
	return book, nil
}

// CheckCover returns what PutCover would have against a picture, or nil. It keeps
// nothing.
func (c *Client) CheckCover(ctx context.Context, contentType string, body io.Reader) error {
	resp, err := c.http.DoRaw(ctx, http.MethodPost, "/v1/covers/check", contentType, body)
	if err != nil {
		return err
	}
	return resp.Body.Close()
}

// DeleteCover takes the picture off a listing of the calling seller. There need
// not be one.
func (c *Client) DeleteCover(ctx context.Context, id int64) error {
	return c.http.Do(ctx, http.MethodDelete, coverPath(id), nil, nil)
}

// Cover returns the picture under a key of Book.Cover, a JPEG, in one of
// CoverWidths or, for 0, in its own. The caller closes the answer's body. It
// returns "cover_not_found" (kind NotFound).
func (c *Client) Cover(ctx context.Context, key string, width int) (*http.Response, error) {
	path := "/v1/covers/" + url.PathEscape(key)
	if width != 0 {
		path += "?width=" + strconv.Itoa(width)
	}
	return c.http.DoRaw(ctx, http.MethodGet, path, "", nil)
}

// Categories lists the categories.
func (c *Client) Categories(ctx context.Context) (Categories, error) {
	return httpclient.Call[Categories](ctx, c.http, http.MethodGet, "/v1/categories", nil)
}

// Reserve holds copies under an id of the caller's; for services. A repeated
// call returns the reservation as it is, a hold prolonged to the later of the
// two times. It returns CodeLinesChanged and holds
// nothing if a line can't be had, and "reservation_released" if the id was
// released before.
func (c *Client) Reserve(ctx context.Context, id string, in Reserve) (Reservation, error) {
	return httpclient.Call[Reservation](ctx, c.http, http.MethodPut, reservationPath(id), in)
}

// Commit makes a reservation a sale; for services. It does not look at the
// time, may be repeated, and returns "reservation_released" if the hold is gone.
func (c *Client) Commit(ctx context.Context, id string) (Reservation, error) {
	return httpclient.Call[Reservation](httpclient.WithIdempotent(ctx), c.http, http.MethodPost, reservationPath(id)+"/commit", nil)
}

// Release gives held copies back; for services. It may be repeated; an unknown
// id is remembered, so that a late Reserve is refused. It returns
// "reservation_committed" if the copies are sold.
func (c *Client) Release(ctx context.Context, id string) error {
	return c.http.Do(ctx, http.MethodDelete, reservationPath(id), nil, nil)
}

// PutSeller says who sells, and under which name; for authsvc. The listings of
// whoever may not sell leave the shop until that changes.
func (c *Client) PutSeller(ctx context.Context, id int64, in Seller) error {
	_, err := httpclient.Call[struct{}](ctx, c.http, http.MethodPut, "/internal/sellers/"+strconv.FormatInt(id, 10), in)
	return err
}

// Restock gives copies of a committed reservation back; for services.
func (c *Client) Restock(ctx context.Context, id string, in Restock) error {
	return c.http.Do(httpclient.WithIdempotent(ctx), http.MethodPost, reservationPath(id)+"/restock", in, nil)
}

// Values returns q as the query string of GET /v1/books, without what it
// leaves open.
func (q BookQuery) Values() url.Values {
	v := url.Values{}
	set := func(key, value string) {
		if value != "" && value != "0" && value != "false" {
			v.Set(key, value)
		}
	}
	set("q", q.Q)
	set("category", q.Category)
	set("condition", q.Condition)
	set("language", q.Language)
	set("min_price", strconv.FormatInt(q.MinPrice, 10))
	set("max_price", strconv.FormatInt(q.MaxPrice, 10))
	set("in_stock", strconv.FormatBool(q.InStock))
	set("seller_id", strconv.FormatInt(q.SellerID, 10))
	set("author", q.Author)
	set("isbn", q.ISBN)
	set("ids", joinIDs(q.IDs))
	set("sort", q.Sort)
	set("limit", strconv.Itoa(q.Limit))
	set("cursor", q.Cursor)
	return v
}

func joinIDs(ids []int64) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(texts, ",")
}

func bookPath(id int64) string { return "/v1/books/" + strconv.FormatInt(id, 10) }

func coverPath(id int64) string { return bookPath(id) + "/cover" }

func reservationPath(id string) string { return "/internal/reservations/" + url.PathEscape(id) }
