package checkout

import (
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// changeSentence says in words how a line, a delivery or the total differs from
// what the buyer saw.
func (s pages) changeSentence(r *http.Request, buyersCart shopapi.Cart, seen []seenLine, f apierr.FieldError) string {
	switch f.Code {
	case shopapi.CodeDeliveryCostChanged:
		return s.costSentence(r, f, "cost", "Provider", f.Params["provider"], "Seller", sellerName(buyersCart, f))
	case shopapi.CodeProviderGone:
		return site.Words(r).T("checkout.changed.provider_gone", "Seller", sellerName(buyersCart, f))
	case shopapi.CodeTotalChanged:
		return s.costSentence(r, f, "total")
	}
	return s.lineSentence(r, buyersCart, seen, f)
}

// costSentence says what an amount was and is; the parameter now holds what it is.
func (s pages) costSentence(r *http.Request, f apierr.FieldError, now string, params ...any) string {
	t := site.Words(r)
	before, _ := site.ErrorNumber(f.Params, "seen")
	is, _ := site.ErrorNumber(f.Params, now)
	params = append(params, "Before", t.Money(s.Minor(before)), "Now", t.Money(s.Minor(is)))
	return t.T("checkout.changed."+f.Code, params...)
}

// sellerName returns the name of the seller whose delivery f is about.
func sellerName(buyersCart shopapi.Cart, f apierr.FieldError) string {
	id, _ := site.ErrorNumber(f.Params, "seller_id")
	for _, line := range buyersCart.Lines {
		if line.SellerID == id {
			return line.SellerName
		}
	}
	return ""
}

// lineSentence says how a line differs.
func (s pages) lineSentence(r *http.Request, buyersCart shopapi.Cart, seen []seenLine, f apierr.FieldError) string {
	t := site.Words(r)
	var line seenLine
	if i, ok := index(f.Field, "lines"); ok && i < len(seen) {
		line = seen[i]
	}
	title, _ := f.Params["title"].(string)
	price := line.Price
	for _, now := range buyersCart.Lines {
		if now.BookID == line.BookID {
			title, price = now.Title, now.Price.Amount
		}
	}
	if title == "" {
		title = t.T("checkout.changed.a_book")
	}
	if told, ok := site.ErrorNumber(f.Params, "price"); ok {
		price = told
	}
	available, _ := site.ErrorNumber(f.Params, "available")
	switch {
	case f.Code == catalogapi.CodePriceChanged:
		return t.T("checkout.changed.price_changed", "Title", title, "Before", t.Money(s.Minor(line.Price)), "Price", t.Money(s.Minor(price)))
	case f.Code == catalogapi.CodeOutOfStock && available > 0:
		return t.N("checkout.changed.out_of_stock", int(available), "Title", title)
	case f.Code == catalogapi.CodeOutOfStock:
		return t.T("checkout.changed.sold_out", "Title", title)
	case f.Code == shopapi.CodeOwnBook:
		return t.T("checkout.changed.own_book", "Title", title)
	}
	return t.T("checkout.changed.book_gone", "Title", title)
}
