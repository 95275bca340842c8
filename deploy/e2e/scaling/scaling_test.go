// Package scaling proves that the scaling of the CloudFormation template adds and
// removes frontends without a failed request.
package scaling

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"

	"bookstore/deploy/aws"
	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/customers"
	"bookstore/deploy/internal/shoptest"
)

// loads are how busy the shop is in each minute of a day, as a multiple of what
// one instance can bear: it rises to more than the group's maximum bears below
// the threshold, and falls to nearly nothing.
func loads(rule aws.Scaling) []float64 {
	calm := float64(rule.Desired) * (rule.OutCPU + rule.InCPU) / 200
	return slices.Concat(
		slices.Repeat([]float64{calm}, 30),
		slices.Repeat([]float64{float64(rule.Max)}, 60),
		slices.Repeat([]float64{0.01}, 120),
	)
}

// The group goes to its maximum and to its minimum, by the template's steps, and
// frontends come and go accordingly while customers look at pages.
func TestScalingFollowsTheLoadWithoutAFailedRequest(t *testing.T) {
	rule := templateScaling(t)
	c := customers.Gather(t, shoptest.Open(t, cluster.Options{
		Frontends: rule.Desired, Standby: rule.Max - rule.Desired,
		Env: []string{"LOG_LEVEL=warn", fmt.Sprint("DRAIN_DELAY=", shoptest.DrainDelay), "DRAIN_TIMEOUT=10s"},
	}))
	frontends := c.Processes(cluster.Frontend)
	serving := frontends[:rule.Desired]
	if err := c.AwaitBalanced(t.Context(), serving...); err != nil {
		t.Fatal(err)
	}
	stop := browse(t, c)
	g := &group{rule: rule, size: rule.Desired}
	path := []int{g.size}
	for _, load := range loads(rule) {
		for change := g.minute(load); change > 0; change-- {
			p := frontends[len(serving)]
			start(t, c, p)
			serving = append(serving, p)
			path = append(path, len(serving))
		}
		for len(serving) > g.size { // the oldest goes: whatever it alone knew would be missing now
			if err := serving[0].Stop(); err != nil {
				t.Fatal(err)
			}
			serving = serving[1:]
			path = append(path, len(serving))
		}
	}
	stop()
	c.Log.Check(t)
	if want := stepsOfScaling(rule); !slices.Equal(path, want) {
		t.Errorf("the group went by %v, want %v", path, want)
	}
	shoptest.Table(t, "The template's scaling on frontends behind HAProxy", "instances", path, "requests", c.Log.Sent(), "failed", 0)
}

// stepsOfScaling leads from the desired number of instances to the maximum and to
// the minimum, one at a time.
func stepsOfScaling(rule aws.Scaling) (path []int) {
	for n := rule.Desired; n < rule.Max; n++ {
		path = append(path, n)
	}
	for n := rule.Max; n >= rule.Min; n-- {
		path = append(path, n)
	}
	return path
}

func start(t *testing.T, c *customers.Crowd, p *cluster.Process) {
	t.Helper()
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	if err := p.WaitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := c.AwaitBalanced(t.Context(), p); err != nil {
		t.Fatal(err)
	}
}

// browse lets the customers look at pages until stop is called.
func browse(t *testing.T, c *customers.Crowd) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var browsing sync.WaitGroup
	for _, p := range c.Customers {
		browsing.Go(func() {
			for ctx.Err() == nil {
				p.Browse(ctx)
			}
		})
	}
	return func() {
		cancel()
		browsing.Wait()
	}
}

func templateScaling(t *testing.T) aws.Scaling {
	t.Helper()
	template, err := aws.Load()
	if err != nil {
		t.Fatal(err)
	}
	rule, err := template.Scaling()
	if err != nil {
		t.Fatal(err)
	}
	return rule
}
