package auth

// Occupy takes a place that a running hash would take, until release is called.
func (h *Hasher) Occupy() (release func()) {
	h.admit <- struct{}{}
	h.running <- struct{}{}
	return func() {
		<-h.running
		<-h.admit
	}
}
