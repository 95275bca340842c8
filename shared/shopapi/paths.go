package shopapi

// DocumentPath is where the service's OpenAPI document is. Unlike
// /openapi.json, which every service has, it leads to this service from outside
// as well.
const DocumentPath = "/v1/openapi/shop.json"

// Prefixes lists what the service serves below /v1: each is a path, and stands
// for all paths that go on after it with a slash. No prefix of one service
// begins another's.
var Prefixes = []string{
	"/v1/cart", "/v1/orders", "/v1/sales", "/v1/balance", "/v1/shipments", "/v1/delivery-providers",
	"/v1/payment-methods", "/v1/payment-events", "/v1/sandbox", "/v1/admin", DocumentPath,
}
