package cart

import (
	"slices"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/money"
	"bookstore/shared/shopapi"
)

// Cart is what the cart page shows.
type Cart struct {
	Groups   []Group
	Count    int64
	Subtotal money.Money
	// Country is where the books go, "" if it is not known what that costs;
	// Delivery is the least that the sellers who deliver there ask for it.
	Country  string
	Delivery money.Money
	// Error says why the last change was refused, in the reader's language.
	Error string
	// Notice says what the last change did, where the line that could tell is gone.
	Notice string
}

// CartGroup is the lines of one seller.
type Group struct {
	SellerID   int64
	SellerName string
	Lines      []shopapi.CartLine
	// NotDelivered says that nobody takes the seller's parcels to the visitor's country.
	NotDelivered bool
}

// NewCart arranges a cart by seller, in the order of their oldest lines.
func New(c shopapi.Cart) Cart {
	shown := Cart{
		Groups: groupLines(c.Lines), Count: c.Count, Subtotal: c.Subtotal,
		Country: c.DeliveryCountry, Delivery: c.Subtotal.Times(0),
	}
	for _, quote := range c.Deliveries {
		shown.Delivery = shown.Delivery.Add(quote.Cost)
	}
	for i := range shown.Groups {
		g := &shown.Groups[i]
		g.NotDelivered = shown.Country != "" && g.buyable() && !slices.ContainsFunc(c.Deliveries, func(quote shopapi.DeliveryQuote) bool { return quote.SellerID == g.SellerID })
	}
	return shown
}

// quoted reports whether the summary can say what all of the delivery costs.
func (c Cart) quoted() bool { return c.Country != "" && c.Subtotal.Amount > 0 && c.delivered() }

// buyable reports whether any of the group's lines can be bought.
func (g Group) buyable() bool {
	return slices.ContainsFunc(g.Lines, func(line shopapi.CartLine) bool { return line.Problem == "" })
}

// delivered reports whether every seller delivers where the books go.
func (c Cart) delivered() bool {
	return !slices.ContainsFunc(c.Groups, func(g Group) bool { return g.NotDelivered })
}

func groupLines(lines []shopapi.CartLine) []Group {
	var groups []Group
	at := map[int64]int{}
	for _, line := range lines {
		i, ok := at[line.SellerID]
		if !ok {
			i = len(groups)
			at[line.SellerID] = i
			groups = append(groups, Group{SellerID: line.SellerID, SellerName: line.SellerName})
		}
		groups[i].Lines = append(groups[i].Lines, line)
	}
	return groups
}

// Ready reports whether every line can be bought as it is.
func (c Cart) Ready() bool {
	for _, g := range c.Groups {
		for _, line := range g.Lines {
			if line.Problem != "" {
				return false
			}
		}
	}
	return true
}

// LineTitle names a line, also one whose book is gone without a trace.
func LineTitle(p ui.Page, title string) string {
	if title == "" {
		return p.T("cart.gone_title")
	}
	return title
}

// LineProblem says why a line can't be bought as it is.
func LineProblem(p ui.Page, line shopapi.CartLine) string {
	switch {
	case line.Problem == shopapi.CodeBookGone:
		return p.T("cart.problem.book_gone")
	case line.Problem == shopapi.CodeOwnBook:
		return p.T("cart.problem.own_book")
	case line.Available == 0:
		return p.T("cart.problem.sold_out")
	}
	return p.N("cart.problem.out_of_stock", int(line.Available))
}

// maxQuantity is how many copies the form lets a buyer ask for. It is never
// below what the line holds, or the browser would refuse to send the form.
func maxQuantity(line shopapi.CartLine) int {
	return int(min(max(line.Available, line.Quantity), shopapi.MaxQuantity))
}

// onlyCopy reports whether there is no other number of copies to choose.
func onlyCopy(line shopapi.CartLine) bool { return line.Quantity == 1 && line.Available == 1 }

// LineCover is the cover of the book of a line.
func LineCover(p ui.Page, line shopapi.CartLine) ui.Cover {
	return ui.Cover{Key: line.Cover, Title: LineTitle(p, line.Title), Authors: line.Authors}
}
