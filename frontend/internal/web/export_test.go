package web

import (
	"bookstore/frontend/internal/site"

	"github.com/gorilla/mux"
)

// Router returns the routes of a shop.
func Router(cfg Config) *mux.Router { return site.New(cfg, words, areas).Router() }
