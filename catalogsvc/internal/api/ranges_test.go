package api_test

import (
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/token"
)

func TestRangesTellWhatIsOnOfferAndWhenItChanged(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		owner := w.as(t, token.Seller, 1)
		ranges := func() []catalogapi.BookRange {
			got, err := w.BookRanges(t.Context(), "")
			if err != nil || got.NextCursor != "" {
				t.Fatal(got, err)
			}
			return got.Items
		}
		if got := ranges(); len(got) != 0 {
			t.Errorf("an empty shop has %v", got)
		}
		first, gone, last := w.list(t, owner, emma()), w.list(t, owner, emma()), w.list(t, owner, emma())
		before := ranges()
		if len(before) != 1 || before[0].Number != 0 || before[0].Books != 3 || before[0].UpdatedAt != last.UpdatedAt {
			t.Fatalf("got %v", before)
		}
		if err := w.DeleteBook(owner, gone.ID); err != nil {
			t.Fatal(err)
		}
		if after := ranges(); after[0].Books != 2 || !after[0].UpdatedAt.After(before[0].UpdatedAt) {
			t.Errorf("after a book has gone: %v, before %v", after, before)
		}
		marks, err := w.BookMarks(t.Context(), 0)
		if err != nil || len(marks.Items) != 2 || marks.Items[0] != (catalogapi.BookMark{ID: first.ID, UpdatedAt: first.UpdatedAt}) || marks.Items[1].ID != last.ID {
			t.Errorf("got %v, %v", marks, err)
		}
		if none, err := w.BookMarks(t.Context(), 77); err != nil || len(none.Items) != 0 {
			t.Errorf("a range that no book has: %v, %v", none, err)
		}
		_, err = w.BookRanges(t.Context(), "nonsense")
		wantField(t, "another list's cursor", err, "cursor", apierr.CodeBadFormat)
	})
}
