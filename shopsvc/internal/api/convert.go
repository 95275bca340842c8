package api

import (
	"cmp"
	"time"

	"bookstore/shared/mail"
	"bookstore/shared/money"
	"bookstore/shared/page"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"
)

// Conversions between the wire and the domain: toX returns what is sent, fromX
// what was received.

// toOrder returns o as its buyer and admins see it in a list.
func (h *handler) toOrder(o *shop.Order) shopapi.Order { return h.toOrderWithEvents(o, nil) }

func (h *handler) toOrders(orders page.Page[*shop.Order]) shopapi.Orders {
	return page.Map(orders, h.toOrder)
}

// toOrderWithEvents returns o as its buyer and admins see it by itself.
func (h *handler) toOrderWithEvents(o *shop.Order, events []shop.Event) shopapi.Order {
	amount := func(n int64) money.Money { return money.New(n, o.Currency) }
	out := shopapi.Order{
		ID: o.ID, Number: o.Number, BuyerID: o.BuyerID, State: string(o.State),
		Subtotal: amount(o.Subtotal), DeliveryTotal: amount(o.Delivery), Total: amount(o.Total), Refunded: amount(o.Refunded),
		Address: shopapi.Address(o.Address), Shipments: []shopapi.Shipment{}, Events: toEvents(events),
		CanPay: h.shop.CanPay(o), CanCancel: o.CanCancel(), SendsMail: h.sendsMail,
		PlacedAt: o.PlacedAt, ExpiresAt: optionalTime(o.ExpiresAt), PaidAt: optionalTime(o.PaidAt),
	}
	for _, s := range o.Shipments {
		out.Shipments = append(out.Shipments, h.toShipment(s, o.Currency))
	}
	for _, r := range o.Refunds {
		out.Refunds = append(out.Refunds, shopapi.Refund{
			ID: r.ID, ShipmentID: r.ShipmentID, Amount: amount(r.Amount), State: string(r.State),
			Reason: oneText(r.Reason), Code: string(r.Reason.Code), Note: r.Reason.Note,
			CreatedAt: r.CreatedAt, PaidAt: optionalTime(r.PaidAt),
		})
	}
	if p := o.Payment(); p != nil {
		out.Payment = h.toPayment(p, o.Currency)
	}
	return out
}

func (h *handler) toPayment(p *shop.Payment, currency string) *shopapi.Payment {
	out := &shopapi.Payment{
		ID: p.ID, Method: string(p.Method), State: string(p.State), Amount: money.New(p.Amount, currency),
		Reason: string(p.Reason), Reference: p.Reference, CreatedAt: p.CreatedAt,
	}
	if p.State == shop.PaymentRedirect {
		out.RedirectURL = p.RedirectURL
	}
	if account := h.shop.Account(); p.Method == shop.MethodTransfer && account != (shop.BankAccount{}) {
		out.Account = (*shopapi.BankAccount)(&account)
	}
	return out
}

func (h *handler) toShipment(s *shop.Shipment, currency string) shopapi.Shipment {
	amount := func(n int64) money.Money { return money.New(n, currency) }
	out := shopapi.Shipment{
		ID: s.ID, SellerID: s.SellerID, SellerName: s.SellerName, State: string(s.State),
		ProviderID: s.ProviderID, ProviderName: s.ProviderName, DeliveryCost: amount(s.DeliveryCost),
		Lines: []shopapi.OrderLine{}, Subtotal: amount(s.Subtotal), Total: amount(s.Total), Refunded: amount(s.Refunded),
		TrackingNumber: s.TrackingNumber, TrackingURL: s.TrackingURL, RejectReason: s.RejectNote,
		DueBy: optionalTime(h.shop.DueBy(s)), DispatchedAt: optionalTime(s.DispatchedAt), DeliveredAt: optionalTime(s.DeliveredAt),
	}
	for _, l := range s.Lines {
		out.Lines = append(out.Lines, shopapi.OrderLine{
			BookID: l.BookID, Title: l.Title, Authors: nonNil(l.Authors), Condition: l.Condition, Cover: l.Cover,
			Price: amount(l.Price), Quantity: l.Quantity, Total: amount(l.Price).Times(l.Quantity),
		})
	}
	return out
}

// toSale returns a shipment of o as its seller sees it.
func (h *handler) toSale(o *shop.Order, s *shop.Shipment, events []shop.Event) shopapi.Sale {
	return shopapi.Sale{
		Shipment: h.toShipment(s, o.Currency), OrderID: o.ID, OrderNumber: o.Number,
		Address: shopapi.Address(o.Address), PaidAt: s.PaidAt, Account: toSaleAccount(s, o.Currency), Events: toEvents(events),
	}
}

// toSaleAccount returns what the seller gets for a shipment, nil if that is not
// settled.
func toSaleAccount(s *shop.Shipment, currency string) *shopapi.SaleAccount {
	if s.Commission == nil {
		return nil
	}
	due := s.CommissionDue()
	account := &shopapi.SaleAccount{
		Commission: money.New(due.Amount, currency), CommissionTax: money.New(due.Tax, currency), Net: money.New(s.Net(), currency),
		Available: !s.ReleasedAt.IsZero(), AvailableAt: optionalTime(s.ReleasedAt),
	}
	if !account.Available {
		account.AvailableAt = optionalTime(s.ReleaseAt)
	}
	return account
}

func (h *handler) toBalance(b shop.Balance) shopapi.Balance {
	return shopapi.Balance{Pending: money.New(b.Pending, h.shop.Currency()), Available: money.New(b.Available, h.shop.Currency())}
}

func (h *handler) toCommissionRule(r shop.CommissionRule) shopapi.CommissionRule {
	return shopapi.CommissionRule{
		ID: r.ID, SellerID: r.SellerID, BasisPoints: r.BasisPoints, TaxBasisPoints: r.TaxBasisPoints, OnDelivery: r.OnDelivery,
		Fixed: money.New(r.Fixed, h.shop.Currency()), Minimum: money.New(r.Minimum, h.shop.Currency()),
		StartsAt: r.Starts, EndsAt: optionalTime(r.Ends),
	}
}

func (h *handler) toCommissionRules(rules []shop.CommissionRule) shopapi.CommissionRules {
	out := shopapi.CommissionRules{Items: []shopapi.CommissionRule{}}
	for _, r := range rules {
		out.Items = append(out.Items, h.toCommissionRule(r))
	}
	return out
}

func fromCommissionRuleInput(in shopapi.CommissionRuleInput) shop.CommissionRule {
	r := shop.CommissionRule{
		SellerID: in.SellerID, BasisPoints: in.BasisPoints, Fixed: in.Fixed, Minimum: in.Minimum,
		TaxBasisPoints: in.TaxBasisPoints, OnDelivery: in.OnDelivery,
	}
	if in.StartsAt != nil {
		r.Starts = *in.StartsAt
	}
	if in.EndsAt != nil {
		r.Ends = *in.EndsAt
	}
	return r
}

// toSaleOf returns a conversion to the sale of the shipment with this id.
func (h *handler) toSaleOf(shipmentID string) func(*shop.Order) shopapi.Sale {
	return func(o *shop.Order) shopapi.Sale { return h.toSale(o, o.Shipment(shipmentID), nil) }
}

// toSales returns sales, each an order with the one shipment that was sold.
func (h *handler) toSales(sales page.Page[*shop.Order]) shopapi.Sales {
	return page.Map(sales, func(o *shop.Order) shopapi.Sale { return h.toSale(o, o.Shipments[0], nil) })
}

func toEvents(events []shop.Event) []shopapi.Event {
	var out []shopapi.Event
	for _, e := range events {
		out = append(out, shopapi.Event{
			At: e.At, Actor: e.Actor.Role, Subject: e.Subject, SubjectID: e.SubjectID, From: e.From, To: e.To,
			Reason: oneText(e.Reason), Code: string(e.Code), Note: e.Note,
		})
	}
	return out
}

// oneText returns a reason for clients that know no difference between a code
// and a note.
func oneText(r shop.Reason) string { return cmp.Or(r.Note, string(r.Code)) }

func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (h *handler) toCart(c shop.PricedCart) shopapi.Cart {
	currency := h.shop.Currency()
	out := shopapi.Cart{CheckoutKey: c.Key, Lines: []shopapi.CartLine{}, Count: c.Count, Subtotal: money.New(c.Subtotal, currency)}
	for _, l := range c.Priced {
		price := money.New(l.Book.Price, currency)
		out.Lines = append(out.Lines, shopapi.CartLine{
			BookID: l.BookID, Title: l.Book.Title, Authors: nonNil(l.Book.Authors), Condition: l.Book.Condition, Cover: l.Book.Cover,
			SellerID: l.Book.SellerID, SellerName: l.Book.SellerName, Price: price,
			Quantity: l.Quantity, Total: price.Times(l.Quantity), Available: l.Book.Stock, Problem: l.Problem,
		})
	}
	if c.DeliveryCountry != "" {
		out.DeliveryCountry, out.Deliveries = c.DeliveryCountry, h.toDeliveryQuotes(c.Deliveries)
	}
	return out
}

func (h *handler) toDeliveryQuotes(quotes []shop.DeliveryQuote) []shopapi.DeliveryQuote {
	out := make([]shopapi.DeliveryQuote, len(quotes))
	for i, q := range quotes {
		out[i] = shopapi.DeliveryQuote{
			SellerID: q.SellerID, ProviderID: q.Provider.ID, ProviderName: q.Provider.Name,
			Cost: money.New(q.Provider.Cost, h.shop.Currency()),
		}
	}
	return out
}

func toCartCount(copies int64) shopapi.CartCount { return shopapi.CartCount{Count: copies} }

func toMails(mails page.Page[mail.Composed]) shopapi.Mails {
	return page.Map(mails, func(m mail.Composed) shopapi.Mail {
		return shopapi.Mail{
			ID: m.ID, To: m.To.Email, Subject: m.Subject, Text: m.Text, CreatedAt: m.CreatedAt,
			State: string(m.State()), SentAt: optionalTime(m.SentAt), NextAt: optionalTime(m.NextAt), Attempts: m.Attempts,
		}
	})
}

func (h *handler) toProvider(p shop.Provider) shopapi.DeliveryProvider {
	return shopapi.DeliveryProvider{
		ID: p.ID, Name: p.Name, Coverage: string(p.Coverage), Cost: money.New(p.Cost, h.shop.Currency()), Active: p.Active,
		TrackingURL: p.TrackingURL,
	}
}

func (h *handler) toProviders(providers []shop.Provider) shopapi.DeliveryProviders {
	out := shopapi.DeliveryProviders{HomeCountry: h.shop.HomeCountry(), Items: []shopapi.DeliveryProvider{}}
	for _, p := range providers {
		out.Items = append(out.Items, h.toProvider(p))
	}
	return out
}

func toPaymentMethods(gateway string, methods []shop.Method, hostedCard bool) shopapi.PaymentMethods {
	out := shopapi.PaymentMethods{Gateway: gateway, HostedCard: hostedCard, Methods: []string{}}
	for _, m := range methods {
		out.Methods = append(out.Methods, string(m))
	}
	return out
}

func toSandboxPayPal(p shop.PaymentPage) shopapi.SandboxPayPal {
	out := shopapi.SandboxPayPal{OrderNumber: p.OrderNumber, Amount: money.New(p.Amount, p.Currency), ReturnURL: p.ReturnURL}
	switch p.State {
	case shop.PaymentRedirect:
	case shop.PaymentAuthorised, shop.PaymentCaptured:
		out.Outcome = shopapi.SandboxApproved
	default:
		out.Outcome = shopapi.SandboxCancelled
	}
	return out
}

func fromOrderQuery(in shopapi.OrderQuery) shop.OrderQuery {
	return shop.OrderQuery{BuyerID: in.BuyerID, State: shop.State(in.State), Text: in.Q, Limit: in.Limit, Cursor: in.Cursor}
}

func fromPlaceOrder(in shopapi.PlaceOrder) shop.PlaceOrder {
	out := shop.PlaceOrder{Address: shop.Address(in.Address), Total: in.Total, Language: in.Language}
	for _, l := range in.Lines {
		out.Lines = append(out.Lines, shop.PlaceLine{BookID: l.BookID, Quantity: l.Quantity, Price: l.Price})
	}
	for _, d := range in.Deliveries {
		out.Deliveries = append(out.Deliveries, shop.DeliveryChoice{SellerID: d.SellerID, ProviderID: d.ProviderID, Cost: d.Cost})
	}
	return out
}

func fromSaleQuery(in shopapi.SaleQuery) shop.SaleQuery {
	return shop.SaleQuery{State: shop.ShipmentState(in.State), Limit: in.Limit, Cursor: in.Cursor}
}

func fromPay(in shopapi.Pay) shop.PayRequest {
	out := shop.PayRequest{Method: shop.Method(in.Method), ReturnURL: in.ReturnURL}
	if c := in.Card; c != nil {
		out.Card = &shop.Card{Number: c.Number, ExpMonth: c.ExpMonth, ExpYear: c.ExpYear, CVC: c.CVC}
	}
	return out
}

func fromProviderInput(id int64, in shopapi.DeliveryProviderInput) shop.Provider {
	return shop.Provider{ID: id, Name: in.Name, Coverage: shop.Coverage(in.Coverage), Cost: in.Cost, Active: in.Active}
}

// nonNil returns items as JSON's empty list rather than its null.
func nonNil[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
