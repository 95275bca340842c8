package api_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"

	"bookstore/catalogsvc/internal/picture/picturetest"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/token"
)

// photo is a picture file of one shade; encode makes its format.
func photo(t *testing.T, width, height int, shade uint8, encode func(io.Writer, image.Image) error) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, width, height))
	for i := range m.Pix {
		m.Pix[i] = shade
	}
	var out bytes.Buffer
	if err := encode(&out, m); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func asJPEG(w io.Writer, m image.Image) error { return jpeg.Encode(w, m, nil) }

func (w *world) putCover(ctx context.Context, id int64, file []byte) (catalogapi.Book, error) {
	return w.PutCover(ctx, id, "image/jpeg", bytes.NewReader(file))
}

// cover returns the picture under a key.
func (w *world) cover(t *testing.T, key string) image.Image {
	t.Helper()
	return w.coverOf(t, key, 0, key)
}

// coverOf returns the picture under a key in a width, which has a tag of its own.
func (w *world) coverOf(t *testing.T, key string, width int, tag string) image.Image {
	t.Helper()
	resp, err := w.Cover(t.Context(), key, width)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	for header, want := range map[string]string{
		"Content-Type": "image/jpeg", "Cache-Control": "public, max-age=31536000, immutable",
		"ETag": `"` + tag + `"`, "X-Content-Type-Options": "nosniff",
	} {
		if got := resp.Header.Get(header); got != want {
			t.Errorf("%s: got %q, want %q", header, got, want)
		}
	}
	m, err := jpeg.Decode(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAPictureComesInTheWidthsThatAreOffered(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		for _, c := range []struct{ width, height, wanted, then int }{
			{800, 1200, 200, 300}, {800, 1200, 400, 600}, {800, 600, 400, 300}, {150, 220, 400, 220},
		} {
			book, err := w.putCover(seller, w.list(t, seller, emma()).ID, photo(t, c.width, c.height, 120, asJPEG))
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // made, and kept
				m := w.coverOf(t, book.Cover, c.wanted, fmt.Sprintf("%s-%d", book.Cover, c.wanted))
				if got, want := m.Bounds().Size(), image.Pt(min(c.width, c.wanted), c.then); got != want || color.GrayModel.Convert(m.At(50, 50)).(color.Gray).Y != 120 {
					t.Errorf("%d of %d by %d: got %v, want %v", c.wanted, c.width, c.height, got, want)
				}
			}
			for _, width := range []int{-1, 1, 800, 5000} {
				_, err := w.Cover(t.Context(), book.Cover, width)
				wantField(t, fmt.Sprint(width), err, "width", apierr.CodeNotAllowed)
			}
		}
		_, err := w.Cover(t.Context(), strings.Repeat("0", 64), 200)
		wantCode(t, "a width of nothing", err, catalogapi.CodeCoverNotFound)
	})
}

func TestASellerShowsACopyAsItIs(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		book := w.list(t, seller, emma())
		first, err := w.putCover(seller, book.ID, photo(t, 1600, 1200, 200, asJPEG))
		if err != nil || first.Cover == "" || first.Version != book.Version || book.Cover != "" {
			t.Fatalf("got %+v, %v", first, err)
		}
		if m := w.cover(t, first.Cover); m.Bounds().Size() != image.Pt(800, 600) || color.GrayModel.Convert(m.At(400, 300)).(color.Gray).Y != 200 {
			t.Errorf("got a picture of %v", m.Bounds().Size())
		}
		edit := catalogapi.BookUpdate{BookInput: emma(), Version: book.Version, StockShown: book.Stock}
		if edited, err := w.UpdateBook(seller, book.ID, edit); err != nil || edited.Cover != first.Cover {
			t.Errorf("an edit that began before: %+v, %v", edited, err)
		}
		second, err := w.PutCover(seller, book.ID, "image/png", bytes.NewReader(photo(t, 300, 400, 90, png.Encode)))
		if err != nil || second.Cover == first.Cover {
			t.Fatalf("another picture: %+v, %v", second, err)
		}
		page, err := w.Books(t.Context(), catalogapi.BookQuery{})
		if err != nil || len(page.Items) != 1 || page.Items[0].Cover != second.Cover {
			t.Errorf("listed: %+v, %v", page, err)
		}
		w.cover(t, first.Cover) // pages that show it are still open
		for range 2 {
			wantCode(t, "removing it", w.DeleteCover(seller, book.ID), "")
		}
		if got, err := w.Book(t.Context(), book.ID); err != nil || got.Cover != "" {
			t.Errorf("after that: %+v, %v", got, err)
		}
	})
}

func TestAPictureIsShownInTheColoursThatItsProfileMeans(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		id := w.list(t, seller, emma()).ID
		for what, c := range map[string]struct {
			file []byte
			want color.RGBA
		}{
			"Adobe RGB": {picturetest.JPEG{Width: 40, Height: 60, Values: asYCbCr(113, 199, 48), Adobe: -1, Profile: picturetest.AdobeRGB()}.File(), color.RGBA{9, 200, 5, 255}},
			"print":     {picturetest.JPEG{Width: 40, Height: 60, Values: []uint8{58, 255, 0, 255}, Profile: picturetest.Print(picturetest.Table16)}.File(), color.RGBA{29, 169, 57, 255}},
		} {
			book, err := w.putCover(seller, id, c.file)
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			r, g, b, _ := w.cover(t, book.Cover).At(20, 30).RGBA()
			for i, got := range []uint32{r >> 8, g >> 8, b >> 8} {
				if want := int([]uint8{c.want.R, c.want.G, c.want.B}[i]); int(got) > want+4 || int(got) < want-4 {
					t.Errorf("%s: got %d, %d, %d, want %v", what, r>>8, g>>8, b>>8, c.want)
					break
				}
			}
		}
	})
}

func asYCbCr(r, g, b uint8) []uint8 {
	y, cb, cr := color.RGBToYCbCr(r, g, b)
	return []uint8{y, cb, cr}
}

func TestTwoBooksMayHaveTheSamePicture(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		file := photo(t, 60, 80, 50, asJPEG)
		keys := map[string]bool{}
		for id := range int64(2) {
			seller := w.as(t, token.Seller, id+1)
			book, err := w.putCover(seller, w.list(t, seller, emma()).ID, file)
			if err != nil {
				t.Fatal(err)
			}
			keys[book.Cover] = true
			if id == 0 {
				wantCode(t, "removing one", w.DeleteCover(seller, book.ID), "")
			}
		}
		if len(keys) != 1 {
			t.Errorf("kept under %v", keys)
		}
		for key := range keys {
			w.cover(t, key)
		}
	})
}

func TestWhoMayChangeACover(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		owner := w.as(t, token.Seller, 1)
		book := w.list(t, owner, emma())
		file := photo(t, 60, 80, 50, asJPEG)
		for name, c := range map[string]struct {
			ctx  context.Context
			code string
		}{
			"anonymous":     {t.Context(), apierr.CodeUnauthenticated},
			"bad token":     {httpclient.WithBearer(t.Context(), "nonsense"), apierr.CodeUnauthenticated},
			"buyer":         {w.as(t, token.Buyer, 3), catalogapi.CodeSellersOnly},
			"former seller": {w.as(t, token.Buyer, 1), catalogapi.CodeSellersOnly},
			"other seller":  {w.as(t, token.Seller, 2), catalogapi.CodeNotYourBook},
			"admin":         {w.as(t, token.Admin, 9), ""},
			"owner":         {owner, ""},
		} {
			_, err := w.putCover(c.ctx, book.ID, file)
			wantCode(t, name+" puts", err, c.code)
			wantCode(t, name+" removes", w.DeleteCover(c.ctx, book.ID), c.code)
		}
		_, err := w.putCover(owner, book.ID+1, file)
		wantCode(t, "no such book", err, catalogapi.CodeBookNotFound)
		wantCode(t, "deleting the book", w.DeleteBook(owner, book.ID), "")
		_, err = w.putCover(owner, book.ID, file)
		wantCode(t, "a book that is gone", err, catalogapi.CodeBookNotFound)
		wantCode(t, "removing the cover of a book that is gone", w.DeleteCover(owner, book.ID), catalogapi.CodeBookNotFound)
	})
}

func TestAFileThatIsNoCoverIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		id := w.list(t, seller, emma()).ID
		whole := photo(t, 60, 80, 50, asJPEG)
		bomb := photo(t, 7000, 7000, 0, png.Encode)
		for what, c := range map[string]struct {
			file []byte
			code string
		}{
			"nothing":        {nil, catalogapi.CodeCoverEmpty},
			"HEIC as JPEG":   {[]byte("\x00\x00\x00\x18ftypheic"), catalogapi.CodeCoverKind},
			"an animation":   {[]byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00\x09\x00\x00\x09\x00\x00"), catalogapi.CodeCoverAnimated},
			"HTML as JPEG":   {[]byte("<!doctype html><script>alert(1)</script>"), catalogapi.CodeCoverFormat},
			"SVG as JPEG":    {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"/>`), catalogapi.CodeCoverKind},
			"half a picture": {whole[:len(whole)/2], catalogapi.CodeCoverDamaged},
			"49 megapixels":  {bomb, catalogapi.CodeCoverPixels},
			"just too large": {append(bytes.Clone(whole), make([]byte, 8<<20+1-len(whole))...), catalogapi.CodeCoverTooLarge},
		} {
			_, err := w.putCover(seller, id, c.file)
			wantField(t, what, err, "cover", c.code)
		}
		_, err := w.putCover(seller, id, append(bytes.Clone(whole), make([]byte, 8<<20-len(whole))...))
		wantCode(t, "the largest file", err, "")
		for _, kind := range []string{"", "image/svg+xml", "text/html", "image/gif", "multipart/form-data", "x/"} {
			_, err := w.PutCover(seller, id, kind, bytes.NewReader(whole))
			wantField(t, kind, err, "cover", catalogapi.CodeCoverFormat)
		}
		if len(bomb) > 8<<20 {
			t.Errorf("the bomb has %d bytes", len(bomb))
		}
	})
}

func TestACoverIsKeptByBrowsers(t *testing.T) {
	onBoth(t, func(t *testing.T, w *world) {
		seller := w.as(t, token.Seller, 1)
		book, err := w.putCover(seller, w.list(t, seller, emma()).ID, photo(t, 60, 80, 50, asJPEG))
		if err != nil {
			t.Fatal(err)
		}
		for path, want := range map[string]int{
			book.Cover:                        http.StatusNotModified,
			strings.Repeat("0", 64):           http.StatusNotFound,
			strings.ToUpper(book.Cover) + "x": http.StatusNotFound,
			"..%2f" + book.Cover[:61]:         http.StatusNotFound,
		} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.url+"/v1/covers/"+path, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("If-None-Match", `"`+book.Cover+`"`)
			resp, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != want {
				t.Errorf("%s: got %d, want %d", path, resp.StatusCode, want)
			}
			if h := resp.Header; want == http.StatusNotFound && (h.Get("Content-Type") != apierr.ContentType || h.Get("Cache-Control") != "no-store") {
				t.Errorf("%s: headers %v", path, h)
			}
		}
		_, err = w.Cover(t.Context(), strings.Repeat("0", 64), 0)
		wantCode(t, "an unknown key", err, catalogapi.CodeCoverNotFound)
	})
}
