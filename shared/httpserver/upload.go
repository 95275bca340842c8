package httpserver

import (
	"net/http"
	"time"
)

// uploadTime is how long a large body may take on its way, its answer included.
const uploadTime = 2 * time.Minute

// AwaitUpload gives the caller of a request more time to send its body than
// the server leaves for small ones. Handlers call it before they read one.
func AwaitUpload(w http.ResponseWriter) {
	control := http.NewResponseController(w)
	until := time.Now().Add(uploadTime)
	// A writer without deadlines, as tests have, needs none.
	_ = control.SetReadDeadline(until)
	_ = control.SetWriteDeadline(until)
}
