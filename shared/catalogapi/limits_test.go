package catalogapi

import (
	"testing"

	"bookstore/shared/internal/tagtest"
)

func TestTheTagsStateTheLimits(t *testing.T) {
	tagtest.Check(t, BookInput{}, map[string]int{
		"Title.maxLength": MaxTitle, "Authors.maxItems": MaxAuthors, "Description.maxLength": MaxDescription,
		"Publisher.maxLength": MaxPublisher, "SKU.maxLength": MaxSKU, "Year.minimum": MinYear, "Year.maximum": MaxYear,
		"Price.maximum": MaxPrice, "Stock.maximum": MaxStock,
	})
	tagtest.Check(t, BookQuery{}, map[string]int{"IDs.maxItems": MaxIDs})
	tagtest.Check(t, Reserve{}, map[string]int{"Lines.maxItems": MaxLines})
	tagtest.Check(t, ReservationLine{}, map[string]int{"Quantity.maximum": MaxQuantity})
	tagtest.Check(t, Restock{}, map[string]int{"Key.maxLength": MaxRestockKey, "Lines.maxItems": MaxLines})
}
