package catalog

import "slices"

// categories are the subjects that books are filed under, by slug. Listings
// keep theirs for good, so slugs may be added but never taken away.
var categories = []string{
	"art", "biography", "business", "children", "classics", "comics", "cooking",
	"fantasy", "fiction", "history", "mystery", "other", "philosophy", "poetry",
	"religion", "romance", "science", "science-fiction", "self-help",
	"technology", "travel", "young-adult",
}

// IsCategory reports whether slug is one of the categories.
func IsCategory(slug string) bool {
	_, ok := slices.BinarySearch(categories, slug)
	return ok
}

// CategoryCount says how many listings of a category have copies to buy.
type CategoryCount struct {
	Slug  string
	Books int64
}
