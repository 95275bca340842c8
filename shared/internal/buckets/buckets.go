// Package buckets holds the bounds of the histograms that are compared with
// each other.
package buckets

// Seconds are the bounds for how long a request or a call takes.
var Seconds = []float64{.002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}
