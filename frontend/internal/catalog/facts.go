package catalog

import (
	"strconv"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/catalogapi"
)

// schemaOrg is the vocabulary of the facts below.
const schemaOrg = "https://schema.org"

// schemaBook are what a program learns of a book on offer (schema.org/Book).
type schemaBook struct {
	Context     string        `json:"@context"`
	Type        string        `json:"@type"`
	URL         string        `json:"url"`
	Name        string        `json:"name"`
	Author      []schemaNamed `json:"author"`
	ISBN        string        `json:"isbn,omitempty"`
	InLanguage  string        `json:"inLanguage,omitempty"`
	Publisher   *schemaNamed  `json:"publisher,omitempty"`
	Published   string        `json:"datePublished,omitempty"`
	Description string        `json:"description,omitempty"`
	Image       string        `json:"image,omitempty"`
	Offers      schemaOffer   `json:"offers"`
}

// schemaNamed is a person or an organization.
type schemaNamed struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

// schemaOffer are what copies cost (schema.org/Offer).
type schemaOffer struct {
	Type         string      `json:"@type"`
	URL          string      `json:"url"`
	Price        string      `json:"price"`
	Currency     string      `json:"priceCurrency"`
	Availability string      `json:"availability"`
	Condition    string      `json:"itemCondition"`
	Seller       schemaNamed `json:"seller"`
}

// factsOf returns the facts of a book that is at an absolute address. The picture
// is one of this copy, "" for none.
func factsOf(b catalogapi.Book, address, picture string) schemaBook {
	facts := schemaBook{
		Context: schemaOrg, Type: "Book", URL: address, Name: b.Title, ISBN: b.ISBN, InLanguage: b.Language,
		Description: Summary(b), Image: picture,
		Offers: schemaOffer{
			Type: "Offer", URL: address, Price: b.Price.Decimal(), Currency: b.Price.Currency,
			Availability: schemaOrg + "/InStock", Condition: schemaOrg + "/UsedCondition",
			Seller: schemaNamed{"Organization", b.SellerName},
		},
	}
	for _, author := range b.Authors {
		facts.Author = append(facts.Author, schemaNamed{"Person", author})
	}
	if b.Publisher != "" {
		facts.Publisher = &schemaNamed{"Organization", b.Publisher}
	}
	if b.Year > 0 { // before that, schema.org has no agreed form
		facts.Published = strconv.Itoa(b.Year)
	}
	if b.Stock == 0 {
		facts.Offers.Availability = schemaOrg + "/OutOfStock"
	}
	if b.Condition == catalogapi.ConditionNew {
		facts.Offers.Condition = schemaOrg + "/NewCondition"
	}
	return facts
}

// schemaList are what a program learns of a list (schema.org/ItemList): where each
// book is described.
type schemaList struct {
	Context string       `json:"@context"`
	Type    string       `json:"@type"`
	Items   []schemaItem `json:"itemListElement"`
}

type schemaItem struct {
	Type     string `json:"@type"`
	Position int    `json:"position"`
	URL      string `json:"url"`
}

// factsOfList returns the facts of a list of books.
func (s pages) factsOfList(books []catalogapi.Book) schemaList {
	facts := schemaList{Context: schemaOrg, Type: "ItemList"}
	for i, b := range books {
		facts.Items = append(facts.Items, schemaItem{"ListItem", i + 1, s.Absolute(string(ui.BookURL(b.ID)))})
	}
	return facts
}
