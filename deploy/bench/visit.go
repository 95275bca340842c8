package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// firstVisits counts what a browser with an empty cache gets before anybody
// scrolls: the page and what it names, but pictures that wait for being seen.
func firstVisits(ctx context.Context, s *shop) error {
	for _, path := range []string{"/", "/books"} {
		requests, size, err := s.visit(ctx, path)
		if err != nil {
			return fmt.Errorf("visit %s: %w", path, err)
		}
		s.add(
			result{Work: "first visit of " + path + ", bytes", Value: float64(size) / 1000, Unit: "KB", Note: "bodies as they are sent; without lazy pictures"},
			result{Work: "first visit of " + path + ", requests", Value: float64(requests), Unit: "requests"},
		)
	}
	return nil
}

func (s *shop) visit(ctx context.Context, path string) (requests, size int, err error) {
	headers := []string{"Accept", "text/html", "Accept-Language", "en"}
	_, page, err := exchange(ctx, http.MethodGet, s.URL+path, nil, headers)
	if err != nil {
		return 0, 0, err
	}
	named, err := resources(string(page))
	if err != nil {
		return 0, 0, err
	}
	base, err := url.Parse(s.URL + path)
	if err != nil {
		return 0, 0, err
	}
	headers = []string{"Accept-Encoding", browserEncodings, "Accept-Language", "en"}
	for _, to := range append([]string{path}, named...) {
		at, err := base.Parse(to)
		if err != nil {
			return 0, 0, err
		}
		resp, body, err := exchange(ctx, http.MethodGet, at.String(), nil, headers)
		if err == nil && resp.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s was answered with %s", to, resp.Status)
		}
		if err != nil {
			return 0, 0, err
		}
		requests++
		size += len(body)
	}
	return requests, size, nil
}

// resources returns what a page names that a browser gets at once.
func resources(page string) ([]string, error) {
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return nil, err
	}
	var found []string
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		attributes := map[string]string{}
		for _, a := range n.Attr {
			attributes[a.Key] = a.Val
		}
		to := attributes["src"]
		if n.Data == "link" && slices.Contains([]string{"stylesheet", "icon", "preload", "manifest"}, attributes["rel"]) {
			to = attributes["href"]
		}
		at, err := url.Parse(to)
		if to == "" || err != nil || at.Scheme != "" || attributes["loading"] == "lazy" || slices.Contains(found, to) {
			continue
		}
		found = append(found, to)
	}
	return found, nil
}
