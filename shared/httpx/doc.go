// Package httpx is how our processes speak HTTP: serving and draining, typed
// JSON APIs whose errors are problem documents, request ids, logs and limits
// around every handler, and the client with which one process calls another.
package httpx
