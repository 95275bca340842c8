package site

// ReadTimeout is how long a page waits for a backend.
const ReadTimeout = readTimeout
