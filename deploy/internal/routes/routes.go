// Package routes says which paths of the shop's address a load balancer sends
// to which service. Everything else is the frontend's.
package routes

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// Internal begins the paths of calls between the services, which are not found
// from outside.
const Internal = "/internal"

// API begins the paths of all services. Those that no service lists are not
// found.
const API = "/v1/"

// Service is a program and how the paths begin that it answers.
type Service struct {
	Name     string
	Prefixes []string
}

// Services lists the services with the paths that their contracts name.
var Services = []Service{
	{"authsvc", append(slices.Clone(authapi.Prefixes), "/.well-known/jwks.json")},
	{"catalogsvc", catalogapi.Prefixes},
	{"shopsvc", shopapi.Prefixes},
}

// NotFound is the answer to a path below API that no service lists: what a
// service answers to a path that it does not know.
func NotFound() string {
	text, err := json.Marshal(apierr.New(apierr.KindNotFound, apierr.CodeNotFound))
	if err != nil {
		panic(err) // it holds nothing that can't be encoded
	}
	return string(text)
}

// HAProxy returns the rules as lines of a configuration.
func HAProxy() string {
	var acls, nobody, uses strings.Builder
	for _, s := range Services {
		fmt.Fprintf(&acls, "    acl %s path_beg %s\n", s.Name, strings.Join(s.Prefixes, " "))
		fmt.Fprintf(&nobody, " !%s", s.Name)
		fmt.Fprintf(&uses, "    use_backend %s if %s\n", s.Name, s.Name)
	}
	return acls.String() +
		"    # Calls between the services are not for visitors.\n" +
		fmt.Sprintf("    http-request deny deny_status 404 if { path,url_dec -m beg %s }\n", Internal) +
		fmt.Sprintf("    http-request return status 404 content-type %s string '%s' if { path_beg %s }%s\n", apierr.ContentType, NotFound(), API, nobody.String()) +
		uses.String() +
		"    default_backend frontend\n"
}

// mostPatterns is how many patterns a rule of an Application Load Balancer has
// at most.
const mostPatterns = 5

// ALBRule is a rule of an Application Load Balancer. Rules are asked in order.
type ALBRule struct {
	Service  string // that the requests are forwarded to; empty: they are not found
	Patterns []string
}

// ALB returns the rules of an Application Load Balancer.
func ALB() []ALBRule {
	rules := []ALBRule{{"", []string{Internal + "*"}}}
	for _, s := range Services {
		for prefixes := range slices.Chunk(s.Prefixes, mostPatterns) {
			rule := ALBRule{Service: s.Name}
			for _, prefix := range prefixes {
				rule.Patterns = append(rule.Patterns, prefix+"*")
			}
			rules = append(rules, rule)
		}
	}
	return append(rules, ALBRule{"", []string{API + "*"}})
}
