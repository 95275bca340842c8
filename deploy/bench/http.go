package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
)

// plain reads answers as they come over the wire.
var plain = &http.Client{Timeout: patience, Transport: &http.Transport{DisableCompression: true}}

// exchange sends one request with headers, given as pairs, and returns its
// answer with the body as it came, compressed perhaps.
func exchange(ctx context.Context, method, url string, body []byte, headers []string) (*http.Response, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], strings.TrimSpace(headers[i+1]))
	}
	resp, err := plain.Do(req)
	if err != nil {
		return nil, nil, err
	}
	defer resp.Body.Close()
	came, err := io.ReadAll(resp.Body)
	return resp, came, err
}
