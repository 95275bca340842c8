package httpserver

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/gorilla/mux"
)

// wrapped is the handler that Wrap returns.
type wrapped struct {
	http.Handler
	routers []*mux.Router
}

// serveRoutes lists what the program answers to, a method and a path template
// a line: "GET /v1/books/{id}". Routes that take any method have "*" for it.
func (h wrapped) serveRoutes(w http.ResponseWriter, _ *http.Request) {
	routes, err := routesOf(h.routers)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, strings.Join(routes, "\n")+"\n") // fails only when the caller has gone
}

func routesOf(routers []*mux.Router) ([]string, error) {
	var routes []string
	for _, router := range routers {
		err := router.Walk(func(route *mux.Route, _ *mux.Router, _ []*mux.Route) error {
			template, err := templateOf(route)
			if err != nil {
				return err
			}
			methods, err := route.GetMethods()
			if err != nil {
				methods = []string{"*"}
			}
			for _, method := range methods {
				if template != everyPath {
					routes = append(routes, method+" "+template)
				}
			}
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("list routes: %w", err)
		}
	}
	slices.Sort(routes)
	return routes, nil
}
