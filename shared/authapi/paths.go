package authapi

// DocumentPath is where the service's OpenAPI document is. Unlike
// /openapi.json, which every service has, it leads to this service from outside
// as well.
const DocumentPath = "/v1/openapi/auth.json"

// Prefixes lists what the service serves below /v1: each is a path, and stands
// for all paths that go on after it with a slash. No prefix of one service
// begins another's.
var Prefixes = []string{"/v1/users", "/v1/sessions", "/v1/password-resets", DocumentPath}
