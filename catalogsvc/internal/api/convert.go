package api

import (
	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/catalogapi"
	"bookstore/shared/money"
	"bookstore/shared/page"
)

// Conversions between the wire and the domain: toX returns what is sent, fromX
// what was received.

func (h *handler) toBook(b catalog.Book) catalogapi.Book {
	book := catalogapi.Book{
		ID:          b.ID,
		Version:     b.Version,
		SellerID:    b.SellerID,
		SellerName:  b.SellerName,
		Title:       b.Title,
		Authors:     b.Authors,
		ISBN:        b.ISBN,
		Description: b.Description,
		Category:    b.Category,
		Language:    b.Language,
		Publisher:   b.Publisher,
		Year:        b.Year,
		Condition:   b.Condition,
		Price:       money.New(b.Price, h.currency),
		Stock:       b.Stock,
		SKU:         b.SKU,
		Cover:       b.Cover,
		CreatedAt:   b.CreatedAt,
		UpdatedAt:   b.UpdatedAt,
	}
	if b.Delisted() {
		book.DelistedAt = &b.DelistedAt
	}
	return book
}

func (h *handler) toBooks(books catalog.Books) catalogapi.Books {
	return catalogapi.Books{Page: page.Map(books.Page, h.toBook), Total: books.Total, Instead: books.Instead}
}

func toRanges(ranges page.Page[catalog.Range]) catalogapi.BookRanges {
	return page.Map(ranges, func(r catalog.Range) catalogapi.BookRange {
		return catalogapi.BookRange{Number: r.Number, Books: r.Books, UpdatedAt: r.UpdatedAt}
	})
}

func toMarks(marks []catalog.Mark) catalogapi.BookMarks {
	items := make([]catalogapi.BookMark, len(marks))
	for i, m := range marks {
		items[i] = catalogapi.BookMark{ID: m.ID, UpdatedAt: m.UpdatedAt}
	}
	return catalogapi.BookMarks{Items: items}
}

func toCategories(counts []catalog.CategoryCount) catalogapi.Categories {
	items := make([]catalogapi.Category, len(counts))
	for i, c := range counts {
		items[i] = catalogapi.Category{Slug: c.Slug, Books: c.Books}
	}
	return catalogapi.Categories{Items: items}
}

func toReservation(r catalog.Reservation) catalogapi.Reservation {
	lines := make([]catalogapi.ReservationLine, len(r.Lines))
	for i, l := range r.Lines {
		lines[i] = catalogapi.ReservationLine{BookID: l.BookID, Quantity: l.Quantity, Price: l.Price}
	}
	return catalogapi.Reservation{ID: r.ID, State: string(r.State), ExpiresAt: r.ExpiresAt, Lines: lines}
}

func fromBookQuery(q catalogapi.BookQuery) catalog.Query {
	return catalog.Query{
		Filter: catalog.Filter{
			Category:  q.Category,
			Condition: q.Condition,
			Language:  q.Language,
			MinPrice:  q.MinPrice,
			MaxPrice:  q.MaxPrice,
			InStock:   q.InStock,
			SellerID:  q.SellerID,
			Author:    q.Author,
			ISBN:      q.ISBN,
			IDs:       q.IDs,
		},
		Text:   q.Q,
		Sort:   catalog.Sort(q.Sort),
		Limit:  q.Limit,
		Cursor: q.Cursor,
	}
}

func fromBookInput(in catalogapi.BookInput) catalog.Listing {
	return catalog.Listing{
		Title:       in.Title,
		Authors:     in.Authors,
		ISBN:        in.ISBN,
		Description: in.Description,
		Category:    in.Category,
		Language:    in.Language,
		Publisher:   in.Publisher,
		Year:        in.Year,
		Condition:   in.Condition,
		Price:       in.Price,
		SKU:         in.SKU,
	}
}

func fromReserve(id string, in catalogapi.Reserve) catalog.Reservation {
	lines := make([]catalog.Line, len(in.Lines))
	for i, l := range in.Lines {
		lines[i] = catalog.Line{BookID: l.BookID, Quantity: l.Quantity, Price: l.Price}
	}
	return catalog.Reservation{ID: id, ExpiresAt: in.ExpiresAt, Lines: lines}
}

func fromRestockLines(in []catalogapi.RestockLine) []catalog.Return {
	lines := make([]catalog.Return, len(in))
	for i, l := range in {
		lines[i] = catalog.Return{BookID: l.BookID, Quantity: l.Quantity}
	}
	return lines
}

func fromSeller(id int64, in catalogapi.Seller) catalog.SellerState {
	return catalog.SellerState{Seller: catalog.Seller{ID: id, Name: in.Name}, MaySell: in.MaySell, Version: in.Version}
}
