package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// patience is how long a visitor waits for something to appear.
const patience = 15 * time.Second

// Visitor is one person with a browser of their own. Whatever they can't do
// or do not see fails the test, with what the page says instead.
type Visitor struct {
	t    testing.TB
	ctx  context.Context
	base string
}

// Open goes to a path of the site.
func (v *Visitor) Open(path string) {
	v.t.Helper()
	v.do("open "+path, chromedp.Navigate(v.base+path))
}

// Back presses the browser's Back button.
func (v *Visitor) Back() {
	v.t.Helper()
	// The browser's tools would wait for a page to load, which need not happen.
	evaluate[bool](v, "(history.back(), true)", "")
}

// Path returns the path of the page that is shown.
func (v *Visitor) Path() string {
	v.t.Helper()
	location, err := chromedp.Run(v.ctx, chromedp.Location())
	if err != nil {
		v.t.Fatalf("read the address: %v", err)
	}
	u, err := url.Parse(location)
	if err != nil {
		v.t.Fatalf("read the address: %v", err)
	}
	return u.Path
}

// ArriveAt waits for a page whose path starts with prefix.
func (v *Visitor) ArriveAt(prefix string) {
	v.t.Helper()
	v.await("be at "+prefix, "location.pathname.startsWith(arg) && document.readyState === 'complete'", prefix)
}

// See waits until the page shows a text, white space aside.
func (v *Visitor) See(text string) {
	v.t.Helper()
	v.await("see "+text, "shown(document.body).includes(arg)", text)
}

// SeeElement waits until a CSS selector matches something visible.
func (v *Visitor) SeeElement(selector string) {
	v.t.Helper()
	v.await("see the element "+selector, "[...document.querySelectorAll(arg)].some(visible)", selector)
}

// SeeOnScreen waits until a CSS selector matches something that lies wholly in
// the window, without scrolling.
func (v *Visitor) SeeOnScreen(selector string) {
	v.t.Helper()
	v.await("see on the screen "+selector, `[...document.querySelectorAll(arg)].filter(visible).some(e => {
		const r = e.getBoundingClientRect();
		return r.top >= 0 && r.bottom <= innerHeight;
	})`, selector)
}

// SeeNone waits until a CSS selector matches nothing visible.
func (v *Visitor) SeeNone(selector string) {
	v.t.Helper()
	v.await("see no "+selector, "![...document.querySelectorAll(arg)].some(visible)", selector)
}

// SeePicture waits until a CSS selector matches a visible image that has
// arrived and can be drawn.
func (v *Visitor) SeePicture(selector string) {
	v.t.Helper()
	v.await("see the picture "+selector, "[...document.querySelectorAll(arg)].some(e => visible(e) && e.complete && e.naturalWidth > 0)", selector)
}

// Shows reports whether the page shows a text right now.
func (v *Visitor) Shows(text string) bool {
	v.t.Helper()
	return evaluate[bool](v, "shown(document.body).includes(arg)", text)
}

// SeeInView waits until a CSS selector matches something that can be seen
// without scrolling.
func (v *Visitor) SeeInView(selector string) {
	v.t.Helper()
	v.await("see in view "+selector, `[...document.querySelectorAll(arg)].some(e => {
		const r = e.getBoundingClientRect();
		return visible(e) && r.top >= 0 && r.bottom <= innerHeight;
	})`, selector)
}

// SeeMany waits until a CSS selector matches so many visible elements.
func (v *Visitor) SeeMany(n int, selector string) {
	v.t.Helper()
	v.await(fmt.Sprintf("see %d times %s", n, selector), fmt.Sprintf("[...document.querySelectorAll(arg)].filter(visible).length === %d", n), selector)
}

// Fill types a text into the field of this name, in place of what it holds.
func (v *Visitor) Fill(name, text string) {
	v.t.Helper()
	v.await("find the field "+name, "!!field(arg)", name)
	if evaluate[bool](v, "field(arg).tagName === 'SELECT'", name) {
		v.selectOption(name, text)
		return
	}
	evaluate[bool](v, "(field(arg).focus(), field(arg).select(), true)", name)
	v.do("type into "+name, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		if text == "" {
			return nil
		}
		_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: text})
		return err
	}))
	if got := evaluate[string](v, "field(arg).value", name); got != text {
		v.t.Fatalf("the field %s holds %q after typing %q", name, got, text)
	}
}

// Upload chooses a file of this machine in the field of this name.
func (v *Visitor) Upload(name, file string) {
	v.t.Helper()
	v.await("find the field "+name, "!!field(arg)", name)
	v.do("choose a file for "+name, chromedp.SetUploadFiles(fmt.Sprintf("input[type=file][name=%q]", name), []string{file}))
}

func (v *Visitor) selectOption(name, value string) {
	v.t.Helper()
	args, _ := json.Marshal([]string{name, value})
	if !evaluate[bool](v, `(() => {
		const [name, value] = JSON.parse(arg), select = field(name);
		select.value = value;
		select.dispatchEvent(new Event('change', {bubbles: true}));
		return select.value === value;
	})()`, string(args)) {
		v.t.Fatalf("the field %s does not offer %q", name, value)
	}
}

// Value returns what the field of this name holds.
func (v *Visitor) Value(name string) string {
	v.t.Helper()
	v.await("find the field "+name, "!!field(arg)", name)
	return evaluate[string](v, "field(arg).value", name)
}

// Click clicks the link, button or label that shows exactly this text.
func (v *Visitor) Click(text string) {
	v.t.Helper()
	v.await("find "+text+" to click", "!!clickable(arg)", text)
	v.clickAt(text, "clickable(arg)")
}

// ClickElement clicks the first visible element that a CSS selector matches.
func (v *Visitor) ClickElement(selector string) {
	v.t.Helper()
	v.SeeElement(selector)
	v.clickAt(selector, "[...document.querySelectorAll(arg)].find(visible)")
}

// clickAt clicks the middle of an element with the mouse, so that what lies
// over it would get the click instead. It waits until the element stands still.
func (v *Visitor) clickAt(arg, element string) {
	v.t.Helper()
	point := evaluate[[]float64](v, "middle("+element+")", arg)
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		time.Sleep(20 * time.Millisecond)
		before := point
		if point = evaluate[[]float64](v, "middle("+element+")", arg); slices.Equal(point, before) {
			break
		}
	}
	if len(point) != 2 {
		v.t.Fatalf("%s is covered by something else\n%s", arg, v.page())
	}
	v.do("click "+arg, chromedp.MouseClickXY(point[0], point[1]))
	// The mouse must not go on hovering over what the next page has there.
	v.do("move the mouse away", chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, 0, 0))
}

// Press presses keys: letters, or those that kb names, such as kb.Escape.
func (v *Visitor) Press(keys string) {
	v.t.Helper()
	v.do(fmt.Sprintf("press %q", keys), chromedp.KeyEvent(keys))
}

// Focused returns the text of what has the focus, or its name if it is a field.
func (v *Visitor) Focused() string {
	v.t.Helper()
	return evaluate[string](v, "document.activeElement.name || shown(document.activeElement)", "")
}

// Colours switches between light and dark colours.
func (v *Visitor) Colours(dark bool) {
	v.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	v.do("choose colours", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{
				{Name: "prefers-color-scheme", Value: scheme},
				{Name: "prefers-reduced-motion", Value: "reduce"},
			},
		})
		return err
	}))
}

// cutOff takes the browser off the network, as its developer tools do.
var cutOff = cdp.Command[network.OverrideNetworkStateParams, cdp.Empty]{Method: "Network.emulateNetworkConditions"}

// Offline takes the browser off the network, or brings it back.
func (v *Visitor) Offline(offline bool) {
	v.t.Helper()
	v.do("cut the network", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, cutOff, network.OverrideNetworkStateParams{Offline: offline, DownloadThroughput: -1, UploadThroughput: -1})
		return err
	}))
}

// SignOutElsewhere takes the cookies of the page's site away, as signing out in
// another tab does.
func (v *Visitor) SignOutElsewhere() {
	v.t.Helper()
	v.do("take the session's cookie away", chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.DeleteCookies, network.DeleteCookiesParams{Name: "session", URL: v.base})
		return err
	}))
}

// Screenshot writes a picture (PNG) of the whole page.
func (v *Visitor) Screenshot(file string) {
	v.t.Helper()
	png, err := chromedp.Run(v.ctx, chromedp.FullScreenshot(100))
	if err == nil {
		err = os.MkdirAll(filepath.Dir(file), 0o755)
	}
	if err == nil {
		err = os.WriteFile(file, png, 0o644)
	}
	if err != nil {
		v.t.Fatalf("take a picture: %v", err)
	}
}

func (v *Visitor) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, 2*patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		v.t.Fatalf("%s: %v", what, err)
	}
}

// await polls a condition: the page may be replaced in between.
func (v *Visitor) await(what, condition, arg string) {
	v.t.Helper()
	for deadline := time.Now().Add(patience); ; time.Sleep(20 * time.Millisecond) {
		ok, err := tryEvaluate[bool](v, condition, arg)
		if ok && err == nil {
			return
		}
		if time.Now().After(deadline) {
			v.t.Fatalf("could not %s (%v)\n%s", what, err, v.page())
		}
	}
}

// page describes what is shown, for a failure's message.
func (v *Visitor) page() string {
	text, err := tryEvaluate[string](v, "location.href + '\\n' + shown(document.body)", "")
	if err != nil {
		return err.Error()
	}
	const most = 3000
	return "the page is " + text[:min(len(text), most)]
}

func evaluate[T any](v *Visitor, expression, arg string) T {
	v.t.Helper()
	value, err := tryEvaluate[T](v, expression, arg)
	if err != nil {
		v.t.Fatalf("look at the page (%s, %q): %v", strings.Join(strings.Fields(expression), " "), arg, err)
	}
	return value
}

// tryEvaluate evaluates an expression over arg and the functions of eyes.
func tryEvaluate[T any](v *Visitor, expression, arg string) (T, error) {
	quoted, err := json.Marshal(arg)
	if err != nil {
		var zero T
		return zero, err
	}
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	script := fmt.Sprintf("(() => { %s; const arg = %s; return %s })()", eyes, quoted, expression)
	return chromedp.Run(ctx, chromedp.Evaluate[T](script))
}

// eyes are what a visitor sees a page with. They are evaluated by the browser's
// tools, which works where the page itself may run no scripts.
const eyes = `
	const shown = e => (e?.innerText ?? '').replace(/\s+/g, ' ').trim();
	const visible = e => e.checkVisibility({visibilityProperty: true}) && e.getClientRects().length > 0;
	const field = name => {
		const all = [...document.getElementsByName(name)].filter(e => e.type !== 'hidden');
		return all.find(visible) ?? null;
	};
	const clickable = text => {
		const all = [...document.querySelectorAll('a[href], button, summary, label, input[type=submit]')].filter(visible);
		return all.find(e => (shown(e) || e.value) === text) ?? all.find(e => e.getAttribute('aria-label') === text) ?? null;
	};
	const middle = e => {
		e.scrollIntoView({block: 'center', behavior: 'instant'});
		const r = [...e.getClientRects()].find(r => r.width > 0);
		const x = r.x + r.width / 2, y = r.y + r.height / 2;
		const top = document.elementFromPoint(x, y);
		return top && (e.contains(top) || top.contains(e) || e.control === top) ? [x, y] : [];
	};
`
