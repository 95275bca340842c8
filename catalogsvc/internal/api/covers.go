package api

import (
	"bytes"
	"context"
	"encoding/json"
	"mime"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpserver"
	"bookstore/shared/jsonapi"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gorilla/mux"
)

// registerCovers registers pictures going in and out as plain handlers: huma
// would hold a file in memory before it is known whether its sender may send it.
func (h *handler) registerCovers(api huma.API, router *mux.Router) {
	jsonapi.Handle(api, "DELETE /v1/books/{id}/cover", "delete-cover", "Take the picture off a listing", h.deleteCover, jsonapi.Authenticated)
	router.Path("/v1/books/{id:[0-9]+}/cover").Methods(http.MethodPut).Handler(answering(h.putCover))
	router.Path("/v1/covers/check").Methods(http.MethodPost).Handler(answering(h.checkCover))
	router.Path("/v1/covers/{key:[0-9a-f]{64}}").Methods(http.MethodGet, http.MethodHead).Handler(answering(h.getCover))
	api.OpenAPI().AddOperation(putCoverOperation())
	api.OpenAPI().AddOperation(checkCoverOperation())
	api.OpenAPI().AddOperation(getCoverOperation())
}

// uploads bounds the bodies of those requests that carry a file. One byte more
// than a file may have lets the handler say that it has too many.
func uploads(r *http.Request) int64 {
	if r.Method == http.MethodPut && coverPath.MatchString(r.URL.Path) || r.Method == http.MethodPost && r.URL.Path == "/v1/covers/check" {
		return catalog.MaxCover + 1
	}
	return 0
}

var coverPath = regexp.MustCompile(`^/v1/books/[0-9]+/cover$`)

// answering turns the error of a handler into its answer.
func answering(handle func(http.ResponseWriter, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := handle(w, r); err != nil {
			httpserver.WriteProblem(w, r, err)
		}
	})
}

func (h *handler) putCover(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(mux.Vars(r)["id"], 10, 64)
	if err != nil {
		return catalog.ErrBookNotFound
	}
	if err := awaitPicture(w, r); err != nil {
		return err
	}
	book, err := h.covers.Set(r.Context(), caller(r.Context()), id, r.Body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	// A write fails only when the caller has gone.
	_ = json.NewEncoder(w).Encode(h.toBook(book))
	return nil
}

// checkCover answers as putCover does, and keeps nothing.
func (h *handler) checkCover(w http.ResponseWriter, r *http.Request) error {
	if err := awaitPicture(w, r); err != nil {
		return err
	}
	if err := h.covers.Check(r.Context(), caller(r.Context()), r.Body); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// awaitPicture gives the body of r the time of an upload, if it is a picture.
func awaitPicture(w http.ResponseWriter, r *http.Request) error {
	mediaType, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || !slices.Contains(catalogapi.CoverTypes, mediaType) {
		return catalog.ErrCoverFormat
	}
	httpserver.AwaitUpload(w)
	return nil
}

func (h *handler) deleteCover(ctx context.Context, in *BookID) (*struct{}, error) {
	return nil, h.covers.Remove(ctx, caller(ctx), in.ID)
}

// getCover answers with a picture, which is the same for ever.
func (h *handler) getCover(w http.ResponseWriter, r *http.Request) error {
	key := mux.Vars(r)["key"]
	width, err := pictureWidth(r)
	if err != nil {
		return err
	}
	jpeg, err := h.covers.Picture(r.Context(), key, width)
	if err != nil {
		return err
	}
	if width != 0 {
		key = catalog.SizedKey(key, width)
	}
	w.Header().Set("Content-Type", "image/jpeg")
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	w.Header().Set("ETag", `"`+key+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(jpeg))
	return nil
}

// pictureWidth returns the width that r asks for, 0 for none.
func pictureWidth(r *http.Request) (int, error) {
	typed := r.URL.Query().Get("width")
	if typed == "" {
		return 0, nil
	}
	width, err := strconv.Atoi(typed)
	if err != nil || width == 0 {
		return 0, apierr.Field("width", apierr.CodeNotAllowed)
	}
	return width, nil
}

func putCoverOperation() *huma.Operation {
	operation := &huma.Operation{
		OperationID: "put-cover", Method: http.MethodPut, Path: "/v1/books/{id}/cover",
		Summary:     "Give a listing a picture: a still one in a file of at most 8 MB and 40 megapixels",
		Parameters:  []*huma.Param{{Name: "id", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeInteger}}},
		RequestBody: pictureFile(),
		Responses: map[string]*huma.Response{"200": {
			Description: "The listing with its picture",
			Content:     map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Ref: "#/components/schemas/Book"}}},
		}},
	}
	jsonapi.Authenticated(operation)
	return operation
}

func checkCoverOperation() *huma.Operation {
	operation := &huma.Operation{
		OperationID: "check-cover", Method: http.MethodPost, Path: "/v1/covers/check",
		Summary:     "Say what is wrong with a picture, without keeping it",
		RequestBody: pictureFile(),
		Responses:   map[string]*huma.Response{"204": {Description: "Nothing is"}},
	}
	jsonapi.Authenticated(operation)
	return operation
}

// pictureFile describes the body of a request that is a picture.
func pictureFile() *huma.RequestBody {
	files := map[string]*huma.MediaType{}
	for _, mediaType := range catalogapi.CoverTypes {
		files[mediaType] = binary()
	}
	return &huma.RequestBody{Required: true, Content: files}
}

func getCoverOperation() *huma.Operation {
	return &huma.Operation{
		OperationID: "get-cover", Method: http.MethodGet, Path: "/v1/covers/{key}",
		Summary: "Get the picture under a key, which is the same for ever",
		Parameters: []*huma.Param{
			{Name: "key", In: "path", Required: true, Schema: &huma.Schema{Type: huma.TypeString, Pattern: "^[0-9a-f]{64}$"}},
			{Name: "width", In: "query", Description: "in pixels; without it, the picture's own", Schema: &huma.Schema{Type: huma.TypeInteger, Enum: coverWidths()}},
		},
		Responses: map[string]*huma.Response{"200": {
			Description: "The picture, at most 800 by 1200 pixels",
			Content:     map[string]*huma.MediaType{"image/jpeg": binary()},
		}},
	}
}

func coverWidths() (widths []any) {
	for _, width := range catalogapi.CoverWidths {
		widths = append(widths, width)
	}
	return widths
}

// binary describes a file.
func binary() *huma.MediaType {
	return &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}}
}
