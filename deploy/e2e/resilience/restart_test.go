package resilience

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
)

// What deploy/local does while somebody kills its programs.
func TestAProgramThatDiesIsStartedAgainAfterAGrowingDelay(t *testing.T) {
	s := shoptest.OpenOn(t, "sqlite", cluster.Options{})
	ctx, stop := context.WithCancel(t.Context())
	news := make(chan string, 10)
	kept := make(chan struct{})
	go func() {
		s.Keep(ctx, func(n string) { news <- n })
		close(kept)
	}()
	backend := s.Processes(cluster.Catalog)[0]
	for _, delay := range []string{"1s", "2s"} {
		if err := backend.Kill(); err != nil {
			t.Fatal(err)
		}
		wantNews(t, news, "catalogsvc-1 has ended (signal: killed) and starts again in "+delay)
		wantNews(t, news, "catalogsvc-1 runs again")
		resp, err := http.Get(s.CatalogURL + "/v1/categories")
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("the catalog answers %v, %v", resp, err)
		}
		resp.Body.Close()
	}
	if err := backend.Kill(); err != nil {
		t.Fatal(err)
	}
	wantNews(t, news, "catalogsvc-1 has ended")
	stop()
	select {
	case <-kept:
	case <-time.After(time.Second):
		t.Fatal("the end waits for a restart")
	}
	if err := s.Stop(); err != nil {
		t.Fatal(err)
	}
	for _, program := range cluster.Programs {
		if _, err := http.Get(s.Processes(program)[0].URL + "/livez"); err == nil {
			t.Errorf("%s still runs", program)
		}
	}
}

func wantNews(t *testing.T, news <-chan string, want string) {
	t.Helper()
	select {
	case got := <-news:
		if !strings.HasPrefix(got, want) {
			t.Fatalf("got the news %q, want %q", got, want)
		}
	case <-time.After(time.Minute):
		t.Fatalf("no news, want %q", want)
	}
}

func TestAProgramThatCannotStartSaysWhyInOneSentence(t *testing.T) {
	data := t.TempDir()
	_, err := cluster.Start(t.Context(), cluster.Options{
		Bin: shoptest.Programs(t), Data: filepath.Join(data, "shop"), Env: []string{"LOG_LEVEL=loud"},
	})
	if err == nil || !strings.Contains(err.Error(), "LOG_LEVEL") || strings.Contains(err.Error(), "\n") {
		t.Errorf("got %v, want a line that names LOG_LEVEL", err)
	}
}
