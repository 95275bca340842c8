package cluster

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"
)

var probe = &http.Client{Timeout: time.Second}

// ready reports whether the process behind url takes requests.
func ready(ctx context.Context, url string) bool {
	_, err := fetch(ctx, url+"/readyz")
	return err == nil
}

// fetch returns the body of an answer with status 200.
func fetch(ctx context.Context, url string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	resp, err := probe.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %s", url, resp.Status)
	}
	return string(body), err
}
