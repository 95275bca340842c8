//go:build !faults

package httpserver

import "net/http"

// faultSwitches are only there in builds with the tag faults.
type faultSwitches struct{}

func (faultSwitches) around(public http.Handler) http.Handler { return public }

func (faultSwitches) register(*http.ServeMux) {}
