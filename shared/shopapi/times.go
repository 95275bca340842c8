package shopapi

import "time"

// Times of calls that place, pay or change an order. Each ends well before the
// one that waits for it: a wait of shopsvc's before the try that asked, a try
// before the call that may repeat it.
const (
	// AnswerWithin is how long shopsvc waits for what follows such a call, before
	// it answers with the order as far as it is. The order of an instance that
	// died goes on sooner.
	AnswerWithin = 3 * time.Second
	// TryTimeout is how long a caller should wait for one answer.
	TryTimeout = 5 * time.Second
	// CallTimeout is how long it should wait altogether, if it repeats a try.
	CallTimeout = 2 * TryTimeout
)

// CommissionNotice is how long before it begins or ends a commission rule is known
// at least, so that all instances know it by then.
const CommissionNotice = 10 * time.Minute
