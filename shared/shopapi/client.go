package shopapi

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"
)

// Client calls shopsvc. Calls on behalf of a user take the access token from
// the context (httpclient.WithBearer), a guest's cart its token (WithCart). Its
// methods return *apierr.Error for everything shopsvc refuses, and kind
// Unavailable when it can't be reached.
type Client struct{ http *httpclient.Client }

// NewClient returns a client that calls through c.
func NewClient(c *httpclient.Client) *Client { return &Client{c} }

// WithCart returns a context whose cart calls are about the guest's cart.
func WithCart(ctx context.Context, token string) context.Context {
	return httpclient.WithHeader(ctx, HeaderCart, token)
}

// WithCountry returns a context whose cart calls are answered with the cheapest
// deliveries to a country.
func WithCountry(ctx context.Context, country string) context.Context {
	return httpclient.WithHeader(ctx, HeaderCountry, country)
}

// Cart returns the caller's cart; an empty one if there is none yet.
func (c *Client) Cart(ctx context.Context) (Cart, error) {
	return httpclient.Call[Cart](ctx, c.http, http.MethodGet, "/v1/cart", nil)
}

// CartCount returns how many copies the caller's cart holds.
func (c *Client) CartCount(ctx context.Context) (CartCount, error) {
	return httpclient.Call[CartCount](ctx, c.http, http.MethodGet, "/v1/cart/count", nil)
}

// SetCartLine puts copies of a book into the caller's cart. It returns
// "out_of_stock" with the parameter available if there are fewer, "book_gone",
// "own_book", or "cart_full". What is added is added again by a repeated call.
func (c *Client) SetCartLine(ctx context.Context, bookID int64, in SetCartLine) (Cart, error) {
	if in.Add {
		ctx = httpclient.WithOnce(ctx)
	}
	return httpclient.Call[Cart](ctx, c.http, http.MethodPut, linePath(bookID), in)
}

// RemoveCartLine takes a book out of the caller's cart, if it is in it.
func (c *Client) RemoveCartLine(ctx context.Context, bookID int64) (Cart, error) {
	return httpclient.Call[Cart](ctx, c.http, http.MethodDelete, linePath(bookID), nil)
}

// MergeCart moves a guest's cart into the caller's. A repeated call finds
// nothing more to move.
func (c *Client) MergeCart(ctx context.Context, token string) (Cart, error) {
	return httpclient.Call[Cart](httpclient.WithIdempotent(ctx), c.http, http.MethodPost, "/v1/cart/merge", MergeCart{token})
}

// PlaceOrder places an order once under key; a repeated call returns the order
// as it is now. It returns CodeLinesChanged with a field for each line and each
// delivery that changed, or for the total, CodeCartChanged if the lines are no
// longer the cart's, apierr.CodeIdempotencyKeyReused if key placed something else, and
// CodeProviderUnavailable or CodeProviderGone on a delivery.
//
// The release before knows no costs that a buyer saw and refuses them; it is
// asked again without.
func (c *Client) PlaceOrder(ctx context.Context, key string, in PlaceOrder) (Order, error) {
	ctx = httpclient.WithKey(ctx, key)
	if in.Language != "" {
		ctx = httpclient.WithHeader(ctx, HeaderLanguage, in.Language)
	}
	order, err := httpclient.Call[Order](ctx, c.http, http.MethodPost, "/v1/orders", in)
	if isUnexpected(err) {
		order, err = httpclient.Call[Order](ctx, c.http, http.MethodPost, "/v1/orders", in.withoutCosts())
	}
	return order, err
}

// isUnexpected reports whether err refuses a field only because it is not known.
func isUnexpected(err error) bool {
	e, ok := apierr.As(err)
	return ok && slices.ContainsFunc(e.Fields, func(f apierr.FieldError) bool { return f.Code == apierr.CodeUnexpected })
}

func (in PlaceOrder) withoutCosts() PlaceOrder {
	in.Total, in.Deliveries = nil, slices.Clone(in.Deliveries)
	for i := range in.Deliveries {
		in.Deliveries[i].Cost = nil
	}
	return in
}

// Orders returns a page of the caller's orders.
func (c *Client) Orders(ctx context.Context, q OrderQuery) (Orders, error) {
	return httpclient.Call[Orders](ctx, c.http, http.MethodGet, "/v1/orders?"+q.values().Encode(), nil)
}

// Order returns one order of the caller's, or any for an admin. It returns
// "order_not_found".
func (c *Client) Order(ctx context.Context, id string) (Order, error) {
	return httpclient.Call[Order](ctx, c.http, http.MethodGet, orderPath(id), nil)
}

// PayOrder starts paying an order and waits up to AnswerWithin for the answer;
// the order's state says how far it came. It returns "order_state" with the
// parameter state if the order can't be paid now.
func (c *Client) PayOrder(ctx context.Context, id string, in Pay) (Order, error) {
	return httpclient.Call[Order](ctx, c.http, http.MethodPost, orderPath(id)+"/payment", in)
}

// PaymentMethods tells how orders can be paid.
func (c *Client) PaymentMethods(ctx context.Context) (PaymentMethods, error) {
	return httpclient.Call[PaymentMethods](ctx, c.http, http.MethodGet, "/v1/payment-methods", nil)
}

// SandboxPayPal returns the payment that the key of the sandbox's PayPal page
// stands for. It returns "payment_not_found".
func (c *Client) SandboxPayPal(ctx context.Context, key string) (SandboxPayPal, error) {
	return httpclient.Call[SandboxPayPal](ctx, c.http, http.MethodGet, "/v1/sandbox/paypal/"+url.PathEscape(key), nil)
}

// SandboxEvent reports the buyer's decision on the sandbox's PayPal page; it
// may be repeated. It returns "payment_not_found".
func (c *Client) SandboxEvent(ctx context.Context, in SandboxEvent) (SandboxPayPal, error) {
	return httpclient.Call[SandboxPayPal](httpclient.WithIdempotent(ctx), c.http, http.MethodPost, "/v1/payment-events/sandbox", in)
}

// CancelOrder calls an order or one shipment off. It returns "order_state" or
// "shipment_state" with the parameter state if it is too late.
func (c *Client) CancelOrder(ctx context.Context, id string, in Cancel) (Order, error) {
	return httpclient.Call[Order](ctx, c.http, http.MethodPost, orderPath(id)+"/cancel", in)
}

// CheapestDeliveries returns the cheapest delivery of each seller to a country.
func (c *Client) CheapestDeliveries(ctx context.Context, q DeliveryQuery) (DeliveryQuotes, error) {
	ids := make([]string, len(q.SellerIDs))
	for i, id := range q.SellerIDs {
		ids[i] = strconv.FormatInt(id, 10)
	}
	v := url.Values{"country": {q.Country}, "seller_ids": {strings.Join(ids, ",")}}
	return httpclient.Call[DeliveryQuotes](ctx, c.http, http.MethodGet, "/v1/delivery-providers/cheapest?"+v.Encode(), nil)
}

// DeliveryProviders lists the providers that are offered; for admins, all.
func (c *Client) DeliveryProviders(ctx context.Context) (DeliveryProviders, error) {
	return httpclient.Call[DeliveryProviders](ctx, c.http, http.MethodGet, "/v1/delivery-providers", nil)
}

// PutSeller says who sells; for authsvc. Orders of whoever may not sell that
// wait for their payment are called off.
func (c *Client) PutSeller(ctx context.Context, id int64, in Seller) error {
	_, err := httpclient.Call[struct{}](ctx, c.http, http.MethodPut, "/internal/sellers/"+strconv.FormatInt(id, 10), in)
	return err
}

// CreateDeliveryProvider adds a provider; for admins. It returns "name_taken"
// on the field name.
func (c *Client) CreateDeliveryProvider(ctx context.Context, in DeliveryProviderInput) (DeliveryProvider, error) {
	return httpclient.Call[DeliveryProvider](ctx, c.http, http.MethodPost, "/v1/delivery-providers", in)
}

// UpdateDeliveryProvider changes a provider; for admins. Orders that chose it
// keep the cost they were placed with.
func (c *Client) UpdateDeliveryProvider(ctx context.Context, id int64, in DeliveryProviderInput) (DeliveryProvider, error) {
	return httpclient.Call[DeliveryProvider](ctx, c.http, http.MethodPut, providerPath(id), in)
}

// DeleteDeliveryProvider removes a provider; for admins.
func (c *Client) DeleteDeliveryProvider(ctx context.Context, id int64) error {
	return c.http.Do(ctx, http.MethodDelete, providerPath(id), nil, nil)
}

// Balance returns what the calling seller is owed.
func (c *Client) Balance(ctx context.Context) (Balance, error) {
	return httpclient.Call[Balance](ctx, c.http, http.MethodGet, "/v1/balance", nil)
}

// CommissionRules lists the rules of commissions, the latest first; for admins.
func (c *Client) CommissionRules(ctx context.Context) (CommissionRules, error) {
	return httpclient.Call[CommissionRules](ctx, c.http, http.MethodGet, "/v1/admin/commission-rules", nil)
}

// CreateCommissionRule adds a rule; for admins.
func (c *Client) CreateCommissionRule(ctx context.Context, in CommissionRuleInput) (CommissionRule, error) {
	return httpclient.Call[CommissionRule](ctx, c.http, http.MethodPost, "/v1/admin/commission-rules", in)
}

// EndCommissionRule ends a rule after CommissionNotice; for admins. It returns
// "commission_rule_not_found", also for a rule that ends before.
func (c *Client) EndCommissionRule(ctx context.Context, id int64) error {
	return c.http.Do(ctx, http.MethodPost, "/v1/admin/commission-rules/"+strconv.FormatInt(id, 10)+"/end", nil, nil)
}

// Sales returns a page of the calling seller's sales.
func (c *Client) Sales(ctx context.Context, q SaleQuery) (Sales, error) {
	return httpclient.Call[Sales](ctx, c.http, http.MethodGet, "/v1/sales?"+q.values().Encode(), nil)
}

// Sale returns one sale of the calling seller's. It returns "shipment_not_found".
func (c *Client) Sale(ctx context.Context, shipmentID string) (Sale, error) {
	return httpclient.Call[Sale](ctx, c.http, http.MethodGet, "/v1/sales/"+url.PathEscape(shipmentID), nil)
}

// AcceptShipment, DispatchShipment, DeliverShipment and RejectShipment move a
// shipment of the calling seller's on. They return "shipment_state" with the
// parameter state if it can't go there, and may be repeated.
func (c *Client) AcceptShipment(ctx context.Context, id string) (Sale, error) {
	return c.moveShipment(ctx, id, "accept", nil)
}

// DispatchShipment says that a shipment is on its way; see AcceptShipment.
func (c *Client) DispatchShipment(ctx context.Context, id string, in Dispatch) (Sale, error) {
	return c.moveShipment(ctx, id, "dispatch", in)
}

// DeliverShipment says that a shipment has arrived; see AcceptShipment.
func (c *Client) DeliverShipment(ctx context.Context, id string) (Sale, error) {
	return c.moveShipment(ctx, id, "deliver", nil)
}

// RejectShipment says that a shipment can't be sent; see AcceptShipment.
func (c *Client) RejectShipment(ctx context.Context, id string, in Reject) (Sale, error) {
	return c.moveShipment(ctx, id, "reject", in)
}

func (c *Client) moveShipment(ctx context.Context, id, move string, in any) (Sale, error) {
	path := "/v1/shipments/" + url.PathEscape(id) + "/" + move
	return httpclient.Call[Sale](httpclient.WithIdempotent(ctx), c.http, http.MethodPost, path, in)
}

// AllOrders returns a page of everybody's orders; for admins.
func (c *Client) AllOrders(ctx context.Context, q OrderQuery) (Orders, error) {
	return httpclient.Call[Orders](ctx, c.http, http.MethodGet, "/v1/admin/orders?"+q.values().Encode(), nil)
}

// ConfirmPayment books a bank transfer that came in; for admins. What is too
// much, too late or unknown becomes a refund due.
func (c *Client) ConfirmPayment(ctx context.Context, paymentID string, in ConfirmPayment) (Order, error) {
	path := "/v1/admin/payments/" + url.PathEscape(paymentID) + "/confirm"
	return httpclient.Call[Order](ctx, c.http, http.MethodPost, path, in)
}

// RefundOrder gives money back; for admins. Under the key of httpclient.WithKey,
// the same again gives nothing more. It returns
// "refund_too_large" with the parameter max (minor units) over what was
// captured and is not yet refunded.
func (c *Client) RefundOrder(ctx context.Context, id string, in RefundInput) (Order, error) {
	path := "/v1/admin/orders/" + url.PathEscape(id) + "/refunds"
	return httpclient.Call[Order](ctx, c.http, http.MethodPost, path, in)
}

// Mails returns a page of the shop's mails, sent or not; for admins. Without a
// mail server this is where they are read.
func (c *Client) Mails(ctx context.Context, q MailQuery) (Mails, error) {
	v := url.Values{}
	set(v, "cursor", q.Cursor)
	setInt(v, "limit", int64(q.Limit))
	return httpclient.Call[Mails](ctx, c.http, http.MethodGet, "/v1/admin/mails?"+v.Encode(), nil)
}

// SendMailAgain queues a mail once more, as a mail of its own; for admins. The
// second of two calls within a minute does nothing.
func (c *Client) SendMailAgain(ctx context.Context, id int64) error {
	return c.http.Do(ctx, http.MethodPost, "/v1/admin/mails/"+strconv.FormatInt(id, 10)+"/resend", nil, nil)
}

func (q OrderQuery) values() url.Values {
	v := url.Values{}
	set(v, "state", q.State)
	set(v, "q", q.Q)
	set(v, "cursor", q.Cursor)
	setInt(v, "buyer_id", q.BuyerID)
	setInt(v, "limit", int64(q.Limit))
	return v
}

func (q SaleQuery) values() url.Values {
	v := url.Values{}
	set(v, "state", q.State)
	set(v, "cursor", q.Cursor)
	setInt(v, "limit", int64(q.Limit))
	return v
}

func set(v url.Values, key, value string) {
	if value != "" {
		v.Set(key, value)
	}
}

func setInt(v url.Values, key string, n int64) {
	if n != 0 {
		v.Set(key, strconv.FormatInt(n, 10))
	}
}

func linePath(bookID int64) string { return "/v1/cart/lines/" + strconv.FormatInt(bookID, 10) }

func orderPath(id string) string { return "/v1/orders/" + url.PathEscape(id) }

func providerPath(id int64) string { return "/v1/delivery-providers/" + strconv.FormatInt(id, 10) }
