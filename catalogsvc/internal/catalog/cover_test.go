package catalog

import (
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/synctest"

	"bookstore/catalogsvc/internal/picture"
	"bookstore/shared/apierr"
)

func TestTooManyPicturesAtOnceAreToldToComeAgain(t *testing.T) {
	if err := coverError(fmt.Errorf("render: %w", picture.ErrBusy)); !apierr.IsKind(err, apierr.KindUnavailable) {
		t.Errorf("no memory for it: got %v", err)
	}
	synctest.Test(t, func(t *testing.T) {
		c := NewCovers(nil, nil, nil)
		never, stop := io.Pipe()
		results := make(chan error, maxUploads)
		for range maxUploads {
			go func() {
				_, err := c.render(t.Context(), never)
				results <- err
			}()
		}
		synctest.Wait()
		if _, err := c.render(t.Context(), never); !apierr.IsKind(err, apierr.KindUnavailable) {
			t.Errorf("one more file: got %v", err)
		}
		stop.Close()
		for range maxUploads {
			if err := <-results; !errors.Is(err, ErrCoverEmpty) {
				t.Errorf("those before: got %v", err)
			}
		}
	})
}
