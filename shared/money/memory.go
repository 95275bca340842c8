package money

import "sync"

// formattedLimit bounds how many written amounts are remembered; each takes some
// hundred bytes.
const formattedLimit = 10_000

// formatted are the amounts that were written lately. Writing one takes a
// microsecond or two, and most stand on a page again and again.
var formatted = memory{texts: map[written]string{}}

// written is an amount and the language that it is written in.
type written struct {
	money    Money
	language string
}

// memory remembers written amounts, and begins anew when it is full.
type memory struct {
	mu    sync.RWMutex
	texts map[written]string
}

// text returns what is remembered under key, and otherwise what write returns.
func (m *memory) text(key written, write func() string) string {
	m.mu.RLock()
	text, ok := m.texts[key]
	m.mu.RUnlock()
	if ok {
		return text
	}
	text = write()
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.texts) >= formattedLimit {
		clear(m.texts)
	}
	m.texts[key] = text
	return text
}
