package audit

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
)

// A shop that stands still holds up everybody who comes meanwhile, and the wait
// of each is in the times.
func TestATimeCountsFromWhenTheRequestWasDue(t *testing.T) {
	began := time.Now()
	r := &run{meter: newMeter(began, time.Minute)}
	for i := range 100 { // one was due each hundredth of a second, and all are answered now
		v := &visit{run: r, due: began.Add(time.Duration(i-100) * 10 * time.Millisecond)}
		if err := v.ask(t.Context(), "page", func() error { return nil }); err != nil {
			t.Fatal(err)
		}
	}
	all := r.meter.all.operation("all")
	if all.Answered != 100 || all.P50 < 450 || all.P99 < 950 {
		t.Errorf("got %+v, want half of them to take half a second and the longest a whole one", all)
	}
}

func TestAShopWithoutAPIsIsNotJudged(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if report, err := Run(ctx, Options{Target: server.URL, Rate: 1, Duration: time.Second}); err == nil {
		t.Errorf("got %s, want an error", report.Verdict)
	}
}
