package demo_test

import (
	"slices"
	"testing"

	"bookstore/deploy/internal/demo"
	"bookstore/shared/catalogapi"
)

func TestTheDemoHasEnoughBooksInEnoughCategories(t *testing.T) {
	books, err := demo.Books()
	if err != nil {
		t.Fatal(err)
	}
	categories, skus := map[string]bool{}, map[string]bool{}
	for _, b := range books {
		categories[b.Category] = true
		if skus[b.SKU] || b.SKU == "" {
			t.Errorf("%s: the SKU %q is missing or not its own", b.Title, b.SKU)
		}
		skus[b.SKU] = true
		if b.Seller < 0 || b.Seller >= len(demo.Sellers) {
			t.Errorf("%s is sold by nobody", b.Title)
		}
		if !slices.Contains(catalogapi.Conditions, b.Condition) {
			t.Errorf("%s has the condition %q", b.Title, b.Condition)
		}
		if b.ISBN != "" && !validISBN13(b.ISBN) {
			t.Errorf("%s: %q is no ISBN-13", b.Title, b.ISBN)
		}
	}
	if len(books) < 60 || len(categories) < 8 {
		t.Errorf("%d books in %d categories, want at least 60 in 8", len(books), len(categories))
	}
}

// validISBN13 checks the digits' weighted sum (ISO 2108).
func validISBN13(isbn string) bool {
	if len(isbn) != 13 {
		return false
	}
	sum := 0
	for i, c := range isbn {
		if c < '0' || c > '9' {
			return false
		}
		sum += int(c-'0') * (1 + 2*(i%2))
	}
	return sum%10 == 0
}
