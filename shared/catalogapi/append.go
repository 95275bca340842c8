package catalogapi

import (
	"strconv"

	"bookstore/shared/internal/jsontext"
)

// AppendJSON appends b's JSON, the same as encoding/json makes of it, and
// implements jsonapi.Appender: lists of books are what the catalog is asked for
// most.
func (b Book) AppendJSON(to []byte) []byte {
	to = append(to, `{"id":`...)
	to = strconv.AppendInt(to, b.ID, 10)
	to = append(to, `,"version":`...)
	to = strconv.AppendInt(to, b.Version, 10)
	to = append(to, `,"seller_id":`...)
	to = strconv.AppendInt(to, b.SellerID, 10)
	to = append(to, `,"seller_name":`...)
	to = jsontext.AppendString(to, b.SellerName)
	to = append(to, `,"title":`...)
	to = jsontext.AppendString(to, b.Title)
	to = append(to, `,"authors":`...)
	to = jsontext.AppendStrings(to, b.Authors)
	to = appendUnlessEmpty(to, `,"isbn":`, b.ISBN)
	to = append(to, `,"description":`...)
	to = jsontext.AppendString(to, b.Description)
	to = append(to, `,"category":`...)
	to = jsontext.AppendString(to, b.Category)
	to = append(to, `,"language":`...)
	to = jsontext.AppendString(to, b.Language)
	to = append(to, `,"publisher":`...)
	to = jsontext.AppendString(to, b.Publisher)
	if b.Year != 0 {
		to = append(to, `,"year":`...)
		to = strconv.AppendInt(to, int64(b.Year), 10)
	}
	return b.appendOffer(to)
}

// appendOffer appends what belongs to the copies, and ends the book.
func (b Book) appendOffer(to []byte) []byte {
	to = append(to, `,"condition":`...)
	to = jsontext.AppendString(to, b.Condition)
	to = append(to, `,"price":{"amount":`...)
	to = strconv.AppendInt(to, b.Price.Amount, 10)
	to = append(to, `,"currency":`...)
	to = jsontext.AppendString(to, b.Price.Currency)
	to = append(to, `},"stock":`...)
	to = strconv.AppendInt(to, b.Stock, 10)
	to = appendUnlessEmpty(to, `,"sku":`, b.SKU)
	to = appendUnlessEmpty(to, `,"cover":`, b.Cover)
	to = append(to, `,"created_at":`...)
	to = jsontext.AppendTime(to, b.CreatedAt)
	to = append(to, `,"updated_at":`...)
	to = jsontext.AppendTime(to, b.UpdatedAt)
	if b.DelistedAt != nil {
		to = append(to, `,"delisted_at":`...)
		to = jsontext.AppendTime(to, *b.DelistedAt)
	}
	return append(to, '}')
}

// AppendJSON appends l's JSON, as Book's does.
func (l Books) AppendJSON(to []byte) []byte {
	if l.Items == nil {
		to = append(to, `{"items":null`...)
	} else {
		to = append(to, `{"items":[`...)
		for i, b := range l.Items {
			if i > 0 {
				to = append(to, ',')
			}
			to = b.AppendJSON(to)
		}
		to = append(to, ']')
	}
	to = appendUnlessEmpty(to, `,"next_cursor":`, l.NextCursor)
	if l.Total != 0 {
		to = append(to, `,"total":`...)
		to = strconv.AppendInt(to, int64(l.Total), 10)
	}
	to = appendUnlessEmpty(to, `,"instead":`, l.Instead)
	return append(to, '}')
}

func appendUnlessEmpty(to []byte, name, value string) []byte {
	if value == "" {
		return to
	}
	return jsontext.AppendString(append(to, name...), value)
}
