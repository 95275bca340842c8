// Package browser plays visitors of the shop in a real Chromium: they see what
// is shown, click what can be clicked and type what can be typed.
package browser

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Browser is a running Chromium without windows.
type Browser struct{ ctx context.Context }

// Start starts Chromium, to be ended with the test.
func Start(t testing.TB) *Browser {
	t.Helper()
	path, err := executable()
	if err != nil {
		t.Fatal(err)
	}
	// Without the network flags Chromium calls its maker's hosts at each start.
	ctx, cancel := chromedp.NewExecAllocator(context.Background(),
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.NoFirstRun, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-dev-shm-usage", true),
		chromedp.Flag("hide-scrollbars", true),
	)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("start Chromium: %v", err)
	}
	return &Browser{ctx}
}

func executable() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("chromium is not installed (Debian: apt-get install chromium)")
}

// Options say how a visitor browses. The zero value is a desktop with
// scripts, in light colours and English.
type Options struct {
	NoScript bool
	Dark     bool
	Width    int64  // of the window, in CSS pixels; 0: 1280
	Height   int64  // of the window, in CSS pixels; 0: 900
	Language string // BCP 47; empty: en
}

// NewVisitor returns a visitor of the site at base with cookies of their own.
func (b *Browser) NewVisitor(t testing.TB, base string, o Options) *Visitor {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	// The tab lives as long as the context that opens it: no deadline here.
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("open a tab: %v", err)
	}
	v := &Visitor{t: t, ctx: ctx, base: base}
	if o.Width == 0 {
		o.Width = 1280
	}
	if o.Height == 0 {
		o.Height = 900
	}
	if o.Language == "" {
		o.Language = "en"
	}
	v.do("prepare the browser", chromedp.EmulateViewport(o.Width, o.Height), configure(o))
	v.Colours(o.Dark)
	return v
}

func configure(o Options) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled,
			emulation.SetScriptExecutionDisabledParams{Value: o.NoScript})
		if err != nil {
			return chromedp.Void{}, fmt.Errorf("switch scripts: %w", err)
		}
		if _, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{}); err != nil {
			return chromedp.Void{}, fmt.Errorf("watch the network: %w", err)
		}
		_, err = cdp.Call(ctx, t, network.SetExtraHTTPHeaders,
			network.SetExtraHTTPHeadersParams{Headers: network.Headers{"Accept-Language": o.Language}})
		return chromedp.Void{}, err
	}
}
