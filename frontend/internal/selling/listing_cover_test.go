package selling_test

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

	"bookstore/frontend/internal/selling"
	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

var (
	// picture looks like a JPEG file as far as the web shop looks.
	picture  = []byte("\xff\xd8\xff\xe0 the rest of a picture")
	coverID  = strings.Repeat("c0", 32)
	coverURL = "/covers/" + coverID + ".jpg"
)

// postFile sends a form as browsers send those with a file, which comes last.
func postFile(t *testing.T, b *webtest.Browser, path string, file []byte, pairs ...string) webtest.Answer {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := form.WriteField(pairs[i], pairs[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	name := "photo.jpg"
	if file == nil { // none was chosen
		name = ""
	}
	part, err := form.CreateFormFile("cover", name)
	if err == nil {
		_, err = part.Write(file)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.SendBody(http.MethodPost, path, form.FormDataContentType(), &body)
}

// draculaWithCover is the book with a picture of the copy.
func draculaWithCover() catalogapi.Book {
	book := webtest.Dracula()
	book.Cover = coverID
	return book
}

func TestABookIsShownAsItIs(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	page := webtest.SomeBooks("")
	page.Items[0].Cover = coverID
	backend.Answers["GET /v1/books"], backend.Answers["GET /v1/books/7"] = page, draculaWithCover()
	backend.Answers["GET /v1/cart"] = shopapi.Cart{
		Lines: []shopapi.CartLine{{BookID: 7, Title: "Dracula", Cover: coverID, Quantity: 1, Price: webtest.USD(1299), Total: webtest.USD(1299)}},
		Count: 1, Subtotal: webtest.USD(1299),
	}
	b := webtest.Visit(t, backend, webtest.Seller)
	for path, selector := range map[string]string{
		"/": ".book-card", "/books": ".book-card", "/books/7": ".book-page-cover", "/selling/books": ".table-book",
		"/selling/books/7/edit": "form", "/cart": ".cart-line",
	} {
		b.Get(path).Shows(http.StatusOK, selector+` img[src="`+coverURL+`"][width="400"][height="600"]`)
	}
	b.Get("/books/7").Shows(http.StatusOK, `.book-page-cover img[alt="Cover of Dracula"][fetchpriority="high"]:not([loading])`)
	b.Get("/books").Shows(http.StatusOK, `.book-card img[srcset="`+coverURL+`?width=200 200w, `+coverURL+`?width=400 400w, `+coverURL+` 800w"][sizes]`)
}

func TestAWidthOfAPictureIsAskedFor(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/covers/" + coverID: picture}}
	b := webtest.Visit(t, backend, nil)
	for query, want := range map[string]struct{ asked, tag string }{
		"?width=200": {"200", coverID + "-200"}, "?width=400": {"400", coverID + "-400"},
		"?width=9999": {"", coverID}, "?width=x": {"", coverID}, "": {"", coverID},
	} {
		a := b.Get(coverURL + query)
		asked := backend.Last(t, "GET /v1/covers/"+coverID, nil).Query.Get("width")
		if a.Status != http.StatusOK || a.Header.Get("ETag") != `"`+want.tag+`"` || asked != want.asked {
			t.Errorf("%s: got %d, %s, asked for %q", query, a.Status, a.Header.Get("ETag"), asked)
		}
	}
}

func TestAPictureIsHandedOnAndKept(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/covers/" + coverID: picture}}
	b := webtest.Visit(t, backend, nil)
	resp, err := b.HTTP.Get(b.URL + coverURL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || !bytes.Equal(body, picture) || resp.ContentLength != int64(len(picture)) {
		t.Errorf("got %q of %d bytes, %v", body, resp.ContentLength, err)
	}
	for header, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff",
		"Cache-Control": "public, max-age=31536000, immutable", "ETag": `"` + coverID + `"`,
	} {
		if got := resp.Header.Get(header); got != want {
			t.Errorf("%s: got %q, want %q", header, got, want)
		}
	}
	if len(resp.Header["Set-Cookie"]) != 0 || backend.Last(t, "GET /v1/covers/"+coverID, nil).Header.Get("Authorization") != "" {
		t.Error("a picture is the same for everybody")
	}
	calls := backend.Called("GET /v1/covers/" + coverID)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.URL+coverURL, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("If-None-Match", `"`+coverID+`"`)
	again, err := b.HTTP.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	again.Body.Close()
	if again.StatusCode != http.StatusNotModified || backend.Called("GET /v1/covers/"+coverID) != calls {
		t.Errorf("asked again: got %s", again.Status)
	}
}

func TestAPictureThatIsNotThereIsNotKept(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/covers/" + coverID: apierr.New(apierr.KindNotFound, catalogapi.CodeCoverNotFound)}}
	b := webtest.Visit(t, backend, nil)
	if a := b.Get(coverURL); a.Status != http.StatusNotFound || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %d, %v", a.Status, a.Header)
	}
	backend.Answer("GET /v1/covers/"+coverID, errors.New("dial tcp: secret"))
	if a := b.Get(coverURL); a.Status != http.StatusServiceUnavailable || a.Header.Get("Cache-Control") != "no-store" || strings.Contains(a.Text("body"), "secret") {
		t.Errorf("got %d, %v", a.Status, a.Header)
	}
	for _, path := range []string{"/covers/x.jpg", "/covers/" + coverID[1:] + ".jpg"} {
		b.Get(path).Shows(http.StatusNotFound)
	}
}

func TestASellerListsABookWithItsPicture(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["POST /v1/books"], backend.Answers["PUT /v1/books/7/cover"] = webtest.Dracula(), draculaWithCover()
	b := webtest.Visit(t, backend, webtest.Seller)
	a := b.Get("/selling/books/new")
	a.Shows(http.StatusOK, `form[enctype="multipart/form-data"] #cover[type=file][name=cover][accept="image/jpeg,image/png,image/webp"][aria-describedby=cover-hint]`)
	a.Says("#cover-hint", "8 MB")
	postFile(t, b, "/selling/books/new", picture, listing()...).Leads("/selling/books")
	sent := backend.Last(t, "PUT /v1/books/7/cover", nil)
	if !bytes.Equal(sent.Body, picture) || sent.Header.Get("Content-Type") != "image/jpeg" || sent.Header.Get("Authorization") == "" {
		t.Errorf("sent %q as %v", sent.Body, sent.Header)
	}
	var in catalogapi.BookInput
	backend.Last(t, "POST /v1/books", &in)
	if in.Title != "Dracula" || in.Price != 1250 || len(in.Authors) != 2 {
		t.Errorf("sent %+v", in)
	}

	postFile(t, b, "/selling/books/new", nil, listing()...).Leads("/selling/books")
	if n := backend.Called("PUT /v1/books/7/cover"); n != 1 {
		t.Errorf("%d covers were sent, and one chosen", n)
	}
}

func TestAFileThatCanBeNoCoverKeepsTheFormAsTyped(t *testing.T) {
	large := append(bytes.Clone(picture), make([]byte, catalogapi.MaxCover)...)
	for what, file := range map[string][]byte{
		"too large": large, "much too large": bytes.Repeat(large, 3), "HTML": []byte("<!doctype html>"), "GIF": []byte("GIF89a......"),
	} {
		backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
		b := webtest.Visit(t, backend, webtest.Seller)
		a := postFile(t, b, "/selling/books/new", file, listing()...)
		a.Shows(http.StatusUnprocessableEntity, "#cover[aria-invalid=true]", `.error-summary a[href="#cover"]`, `#title[value="Dracula"]`, `#price[value="12,50"]`)
		postFile(t, b, "/selling/books/7/edit", file, listing("version", "3", "stock_shown", "2", "cover_shown", coverID)...).
			Shows(http.StatusUnprocessableEntity, "#cover[aria-invalid=true]", `img[src="`+coverURL+`"]`, `[name=version][value="3"]`, `#title[value="Dracula"]`)
		if backend.Called("POST /v1/books")+backend.Called("PUT /v1/books/7")+backend.Called("PUT /v1/books/7/cover") != 0 {
			t.Errorf("%s: something was saved", what)
		}
	}
}

func TestAFileIsCalledWhatItIs(t *testing.T) {
	for file, want := range map[string]string{
		"":                         "empty",
		"GIF89a......":             "GIF",
		"\x00\x00\x00\x18ftypheic": "HEIC",
		"\x00\x00\x00\x1cftypavif": "AVIF",
		"II*\x00\x08":              "TIFF",
		"%PDF-1.7":                 "PDF",
		"<!doctype html>":          "no picture that we know",
		"RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00": "animated",
	} {
		b := webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, webtest.Seller)
		a := postFile(t, b, "/selling/books/new", []byte(file), listing()...)
		a.Shows(http.StatusUnprocessableEntity, "#cover[aria-invalid=true]", `#title[value="Dracula"]`)
		a.Says("#cover-error", want)
		a.Says("#cover-error", "JPEG, PNG or WebP")
	}
}

func TestAPictureHasToBeChosenAgainIfTheRestIsNotTaken(t *testing.T) {
	b := webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, webtest.Seller)
	again := "choose the picture again"
	a := postFile(t, b, "/selling/books/new", picture, listing("title", "")...)
	a.Shows(http.StatusUnprocessableEntity, "#title[aria-invalid=true]")
	a.Says("#cover-hint", again)
	if hint := postFile(t, b, "/selling/books/new", nil, listing("title", "")...).Text("#cover-hint"); strings.Contains(hint, again) {
		t.Errorf("none was chosen, and the hint is %q", hint)
	}
}

func TestABookThatIsListedSaysWhyItsPictureIsNot(t *testing.T) {
	for name, refusal := range map[string]error{
		catalogapi.CodeCoverFormat:  apierr.Field("cover", catalogapi.CodeCoverFormat),
		catalogapi.CodeCoverPixels:  apierr.Field("cover", catalogapi.CodeCoverPixels, "max", 40),
		catalogapi.CodeCoverDamaged: apierr.Field("cover", catalogapi.CodeCoverDamaged, "kind", "PNG"),
		"cover_failed":              errors.New("dial tcp: away"),
	} {
		backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
		backend.Answers["POST /v1/books"], backend.Answers["PUT /v1/books/7/cover"] = webtest.Dracula(), refusal
		b := webtest.Visit(t, backend, webtest.Seller)
		postFile(t, b, "/selling/books/new", picture, listing()...).Leads("/selling/books/7/edit")
		b.Get("/selling/books/7/edit").Says(".flash.is-warning", webtest.English("flash."+name))
	}
}

func TestAPictureThatIsRefusedLeavesTheEditAsTyped(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["PUT /v1/books/7/cover"] = apierr.Field("cover", catalogapi.CodeCoverPixels, "max", 40)
	b := webtest.Visit(t, backend, webtest.Seller)
	changed := listing("version", "3", "stock_shown", "2", "title", "Drácula", "cover_shown", coverID)
	a := postFile(t, b, "/selling/books/7/edit", picture, changed...)
	a.Shows(http.StatusUnprocessableEntity, "#cover[aria-invalid=true]", `#title[value="Drácula"]`, `img[src="`+coverURL+`"]`)
	a.Says("#cover-error", "40 megapixels")
	if backend.Called("PUT /v1/books/7") != 0 {
		t.Error("the rest was saved")
	}

	// The other way round, the picture is there and the form shows it.
	backend.Answer("PUT /v1/books/7/cover", draculaWithCover())
	backend.Answer("PUT /v1/books/7", apierr.Field("isbn", catalogapi.CodeBadISBN))
	a = postFile(t, b, "/selling/books/7/edit", picture, listing("version", "3", "stock_shown", "2")...)
	a.Shows(http.StatusUnprocessableEntity, "#isbn[aria-invalid=true]", `img[src="`+coverURL+`"]`)
	if hint := a.Text("#cover-hint"); strings.Contains(hint, "again") {
		t.Errorf("it need not be chosen again, and the hint is %q", hint)
	}
}

func TestAListingThatCanNotBeShownNowIsKeptWithoutItsPicture(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["POST /v1/books"] = errors.New("dial tcp: away")
	backend.Answers["GET /v1/categories"] = errors.New("dial tcp: away")
	b := webtest.Visit(t, backend, webtest.Seller)
	a := postFile(t, b, "/selling/books/new", picture, listing()...)
	a.Shows(http.StatusServiceUnavailable, `form[action="/kept-form"] button`)
	backend.Answer("GET /v1/categories", webtest.CatalogAnswers()["GET /v1/categories"])
	a = b.Post("/kept-form", "kept", a.Value("kept"))
	a.Shows(http.StatusOK, `form[action="/selling/books/new"] [name=title][value="Dracula"]`)
	a.Says("#flash", "choose the file again")
}

func TestAPictureIsRemovedByAFormOfItsOwn(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["DELETE /v1/books/7/cover"] = struct{}{}
	b := webtest.Visit(t, backend, webtest.Seller)
	if a := b.Get("/selling/books/7/edit"); a.Page.Find("[form=remove-cover]").Length() != 0 {
		t.Error("there is nothing to remove")
	}
	backend.Answer("GET /v1/books/7", draculaWithCover())
	b.Get("/selling/books/7/edit").Shows(http.StatusOK,
		"button[form=remove-cover]", `form#remove-cover[method=post][action="/selling/books/7/cover/delete"]`)
	b.Post("/selling/books/7/cover/delete").Leads("/selling/books/7/edit")
	if backend.Called("DELETE /v1/books/7/cover") != 1 {
		t.Error("not removed")
	}
	backend.Answer("DELETE /v1/books/7/cover", apierr.New(apierr.KindForbidden, catalogapi.CodeNotYourBook))
	b.Post("/selling/books/7/cover/delete").Shows(http.StatusForbidden, ".error-page")
}

func TestFormsWithFilesHaveBounds(t *testing.T) {
	many := make([]string, 0, 2*site.MaxFields)
	for range site.MaxFields {
		many = append(many, "title", "x")
	}
	for what, c := range map[string]struct {
		path  string
		file  []byte
		pairs []string
		want  int
	}{
		"a long text":   {"/selling/books/new", picture, listing("description", strings.Repeat("x", 2<<20)), http.StatusBadRequest},
		"many fields":   {"/selling/books/new", picture, many, http.StatusBadRequest},
		"another route": {"/cart", make([]byte, 2<<20), []string{"book_id", "7"}, http.StatusUnprocessableEntity},
	} {
		backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
		a := postFile(t, webtest.Visit(t, backend, webtest.Seller), c.path, c.file, c.pairs...)
		if a.Status != c.want || backend.Called("POST /v1/books") != 0 {
			t.Errorf("%s: got %d, want %d", what, a.Status, c.want)
		}
	}
	r := "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nhalf"
	webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, webtest.Seller).
		SendBody(http.MethodPost, "/selling/books/new", "multipart/form-data; boundary=b", strings.NewReader(r)).
		Shows(http.StatusBadRequest, ".error-page")
}

func TestOtherSitesUploadNothing(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	b := webtest.Visit(t, backend, webtest.Seller)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.URL+"/selling/books/new", strings.NewReader("--b--"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := b.HTTP.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || backend.Called("POST /v1/books") != 0 {
		t.Errorf("got %s", resp.Status)
	}
}

func TestEveryFaultOfAListingIsToldAtOnceInThePagesOrder(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["POST /v1/books/check"] = apierr.Invalid(
		apierr.FieldError{Field: "price", Code: apierr.CodeTooSmall}, apierr.FieldError{Field: "isbn", Code: catalogapi.CodeISBNCheckDigit})
	backend.Answers["POST /v1/covers/check"] = apierr.Field("cover", catalogapi.CodeCoverDamaged)
	b := webtest.Visit(t, backend, webtest.Seller)
	a := postFile(t, b, "/selling/books/new", picture, listing("isbn", "9780141439588", "year", "MCM", "price", "much", "title", "")...)
	a.Shows(http.StatusUnprocessableEntity, `#isbn[value="9780141439588"]`, `#year[value="MCM"]`)
	var told []string
	for _, link := range a.Page.Find(".error-summary a").EachIter() {
		href, _ := link.Attr("href")
		told = append(told, href)
	}
	if want := []string{"#title", "#isbn", "#year", "#price", "#cover"}; !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
	a.Says("#price-error", "amount such as")
	if n := backend.Called("POST /v1/books"); n != 0 {
		t.Errorf("listed %d times", n)
	}
	var fields []string
	for _, field := range a.Page.Find(`form[enctype] [name]:not([type=hidden])`).EachIter() {
		if name, _ := field.Attr("name"); !slices.Contains(fields, name) {
			fields = append(fields, name)
		}
	}
	if !slices.Equal(fields, selling.ListingOrder) {
		t.Errorf("the page's order is %q, told in %q", fields, selling.ListingOrder)
	}
}
