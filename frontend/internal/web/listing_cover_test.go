package web

import (
	"bytes"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"

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
func (b *browser) postFile(path string, file []byte, pairs ...string) answer {
	b.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		if err := form.WriteField(pairs[i], pairs[i+1]); err != nil {
			b.t.Fatal(err)
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
		b.t.Fatal(err)
	}
	return b.sendBody(http.MethodPost, path, form.FormDataContentType(), &body)
}

// draculaWithCover is the book with a picture of the copy.
func draculaWithCover() catalogapi.Book {
	book := dracula()
	book.Cover = coverID
	return book
}

func TestABookIsShownAsItIs(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	page := someBooks("")
	page.Items[0].Cover = coverID
	backend.answers["GET /v1/books"], backend.answers["GET /v1/books/7"] = page, draculaWithCover()
	backend.answers["GET /v1/cart"] = shopapi.Cart{
		Lines: []shopapi.CartLine{{BookID: 7, Title: "Dracula", Cover: coverID, Quantity: 1, Price: usd(1299), Total: usd(1299)}},
		Count: 1, Subtotal: usd(1299),
	}
	b := visit(t, backend, seller)
	for path, selector := range map[string]string{
		"/": ".book-card", "/books": ".book-card", "/books/7": ".book-page-cover", "/selling/books": ".table-book",
		"/selling/books/7/edit": "form", "/cart": ".cart-line",
	} {
		b.get(path).shows(http.StatusOK, selector+` img[src="`+coverURL+`"][width="400"][height="600"]`)
	}
	b.get("/books/7").shows(http.StatusOK, `.book-page-cover img[alt="Cover of Dracula"]`)
}

func TestAPictureIsHandedOnAndKept(t *testing.T) {
	backend := &stub{answers: map[string]any{"GET /v1/covers/" + coverID: picture}}
	b := visit(t, backend, nil)
	resp, err := b.http.Get(b.url + coverURL)
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
	if len(resp.Header["Set-Cookie"]) != 0 || backend.last(t, "GET /v1/covers/"+coverID, nil).Header.Get("Authorization") != "" {
		t.Error("a picture is the same for everybody")
	}
	calls := backend.called("GET /v1/covers/" + coverID)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url+coverURL, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("If-None-Match", `"`+coverID+`"`)
	again, err := b.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	again.Body.Close()
	if again.StatusCode != http.StatusNotModified || backend.called("GET /v1/covers/"+coverID) != calls {
		t.Errorf("asked again: got %s", again.Status)
	}
}

func TestAPictureThatIsNotThereIsNotKept(t *testing.T) {
	backend := &stub{answers: map[string]any{"GET /v1/covers/" + coverID: apierr.New(apierr.KindNotFound, "cover_not_found")}}
	b := visit(t, backend, nil)
	if a := b.get(coverURL); a.Status != http.StatusNotFound || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("got %d, %v", a.Status, a.Header)
	}
	backend.answer("GET /v1/covers/"+coverID, errors.New("dial tcp: secret"))
	if a := b.get(coverURL); a.Status != http.StatusServiceUnavailable || a.Header.Get("Cache-Control") != "no-store" || strings.Contains(a.text("body"), "secret") {
		t.Errorf("got %d, %v", a.Status, a.Header)
	}
	for _, path := range []string{"/covers/x.jpg", "/covers/" + coverID[1:] + ".jpg"} {
		b.get(path).shows(http.StatusNotFound)
	}
}

func TestASellerListsABookWithItsPicture(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	backend.answers["POST /v1/books"], backend.answers["PUT /v1/books/7/cover"] = dracula(), draculaWithCover()
	b := visit(t, backend, seller)
	a := b.get("/selling/books/new")
	a.shows(http.StatusOK, `form[enctype="multipart/form-data"] #cover[type=file][name=cover][accept="image/jpeg,image/png,image/webp"][aria-describedby=cover-hint]`)
	a.says("#cover-hint", "8 MB")
	b.postFile("/selling/books/new", picture, listing()...).leads("/selling/books")
	sent := backend.last(t, "PUT /v1/books/7/cover", nil)
	if !bytes.Equal(sent.Body, picture) || sent.Header.Get("Content-Type") != "image/jpeg" || sent.Header.Get("Authorization") == "" {
		t.Errorf("sent %q as %v", sent.Body, sent.Header)
	}
	var in catalogapi.BookInput
	backend.last(t, "POST /v1/books", &in)
	if in.Title != "Dracula" || in.Price != 1250 || len(in.Authors) != 2 {
		t.Errorf("sent %+v", in)
	}

	b.postFile("/selling/books/new", nil, listing()...).leads("/selling/books")
	if n := backend.called("PUT /v1/books/7/cover"); n != 1 {
		t.Errorf("%d covers were sent, and one chosen", n)
	}
}

func TestAFileThatCanBeNoCoverKeepsTheFormAsTyped(t *testing.T) {
	large := append(bytes.Clone(picture), make([]byte, catalogapi.MaxCover)...)
	for what, file := range map[string][]byte{
		"too large": large, "much too large": bytes.Repeat(large, 3), "HTML": []byte("<!doctype html>"), "GIF": []byte("GIF89a......"),
	} {
		backend := &stub{answers: catalogueAnswers()}
		b := visit(t, backend, seller)
		a := b.postFile("/selling/books/new", file, listing()...)
		a.shows(http.StatusUnprocessableEntity, "#cover[aria-invalid=true]", `.error-summary a[href="#cover"]`, `#title[value="Dracula"]`, `#price[value="12,50"]`)
		b.postFile("/selling/books/7/edit", file, listing("version", "3", "stock_shown", "2", "cover_shown", coverID)...).
			shows(http.StatusUnprocessableEntity, "#cover[aria-invalid=true]", `img[src="`+coverURL+`"]`, `[name=version][value="3"]`, `#title[value="Dracula"]`)
		if backend.called("POST /v1/books")+backend.called("PUT /v1/books/7")+backend.called("PUT /v1/books/7/cover") != 0 {
			t.Errorf("%s: something was saved", what)
		}
	}
}

func TestAPictureHasToBeChosenAgainIfTheRestIsNotTaken(t *testing.T) {
	b := visit(t, &stub{answers: catalogueAnswers()}, seller)
	again := "choose the picture again"
	a := b.postFile("/selling/books/new", picture, listing("title", "")...)
	a.shows(http.StatusUnprocessableEntity, "#title[aria-invalid=true]")
	a.says("#cover-hint", again)
	if hint := b.postFile("/selling/books/new", nil, listing("title", "")...).text("#cover-hint"); strings.Contains(hint, again) {
		t.Errorf("none was chosen, and the hint is %q", hint)
	}
}

func TestABookThatIsListedSaysWhyItsPictureIsNot(t *testing.T) {
	for name, refusal := range map[string]error{
		"cover_format": apierr.Field("cover", "cover_format"),
		"cover_pixels": apierr.Field("cover", "cover_pixels", "max", 40),
		"cover_failed": errors.New("dial tcp: away"),
	} {
		backend := &stub{answers: catalogueAnswers()}
		backend.answers["POST /v1/books"], backend.answers["PUT /v1/books/7/cover"] = dracula(), refusal
		b := visit(t, backend, seller)
		b.postFile("/selling/books/new", picture, listing()...).leads("/selling/books/7/edit")
		b.get("/selling/books/7/edit").says(".flash.is-warning", english("flash."+name))
	}
}

func TestAPictureThatIsRefusedLeavesTheEditAsTyped(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	backend.answers["PUT /v1/books/7/cover"] = apierr.Field("cover", "cover_pixels", "max", 40)
	b := visit(t, backend, seller)
	changed := listing("version", "3", "stock_shown", "2", "title", "Drácula", "cover_shown", coverID)
	a := b.postFile("/selling/books/7/edit", picture, changed...)
	a.shows(http.StatusUnprocessableEntity, "#cover[aria-invalid=true]", `#title[value="Drácula"]`, `img[src="`+coverURL+`"]`)
	a.says("#cover-error", "40 megapixels")
	if backend.called("PUT /v1/books/7") != 0 {
		t.Error("the rest was saved")
	}

	// The other way round, the picture is there and the form shows it.
	backend.answer("PUT /v1/books/7/cover", draculaWithCover())
	backend.answer("PUT /v1/books/7", apierr.Field("isbn", "bad_isbn"))
	a = b.postFile("/selling/books/7/edit", picture, listing("version", "3", "stock_shown", "2")...)
	a.shows(http.StatusUnprocessableEntity, "#isbn[aria-invalid=true]", `img[src="`+coverURL+`"]`)
	if hint := a.text("#cover-hint"); strings.Contains(hint, "again") {
		t.Errorf("it need not be chosen again, and the hint is %q", hint)
	}
}

func TestAListingThatCanNotBeShownAgainCanBeSentAgain(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	backend.answers["POST /v1/books"] = errors.New("dial tcp: away")
	backend.answers["GET /v1/categories"] = errors.New("dial tcp: away")
	visit(t, backend, seller).postFile("/selling/books/new", picture, listing()...).
		shows(http.StatusServiceUnavailable, `form[action="/selling/books/new"] [name=title][value="Dracula"]`)
}

func TestAPictureIsRemovedByAFormOfItsOwn(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	backend.answers["DELETE /v1/books/7/cover"] = struct{}{}
	b := visit(t, backend, seller)
	if a := b.get("/selling/books/7/edit"); a.Page.Find("[form=remove-cover]").Length() != 0 {
		t.Error("there is nothing to remove")
	}
	backend.answer("GET /v1/books/7", draculaWithCover())
	b.get("/selling/books/7/edit").shows(http.StatusOK,
		"button[form=remove-cover]", `form#remove-cover[method=post][action="/selling/books/7/cover/delete"]`)
	b.post("/selling/books/7/cover/delete").leads("/selling/books/7/edit")
	if backend.called("DELETE /v1/books/7/cover") != 1 {
		t.Error("not removed")
	}
	backend.answer("DELETE /v1/books/7/cover", apierr.New(apierr.KindForbidden, "not_your_book"))
	b.post("/selling/books/7/cover/delete").shows(http.StatusForbidden, ".error-page")
}

func TestFormsWithFilesHaveBounds(t *testing.T) {
	many := make([]string, 0, 2*maxFields)
	for range maxFields {
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
		backend := &stub{answers: catalogueAnswers()}
		a := visit(t, backend, seller).postFile(c.path, c.file, c.pairs...)
		if a.Status != c.want || backend.called("POST /v1/books") != 0 {
			t.Errorf("%s: got %d, want %d", what, a.Status, c.want)
		}
	}
	r := "--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nhalf"
	visit(t, &stub{answers: catalogueAnswers()}, seller).
		sendBody(http.MethodPost, "/selling/books/new", "multipart/form-data; boundary=b", strings.NewReader(r)).
		shows(http.StatusBadRequest, ".error-page")
}

func TestOtherSitesUploadNothing(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	b := visit(t, backend, seller)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/selling/books/new", strings.NewReader("--b--"))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := b.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || backend.called("POST /v1/books") != 0 {
		t.Errorf("got %s", resp.Status)
	}
}
