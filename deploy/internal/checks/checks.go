// Package checks holds the house to its design: who may import whom, and what
// lies at its top.
package checks

import (
	"fmt"
	"slices"
	"strings"
)

// Package is what `go list -json` says of a package.
type Package struct {
	ImportPath                         string
	Imports, TestImports, XTestImports []string
}

const (
	modulePrefix = "bookstore/"
	sqlHelper    = modulePrefix + "shared/sqldb"
	frontend     = modulePrefix + "frontend"
	huma         = "github.com/danielgtaylor/huma/v2"
)

// modules are the seven, each with those it may import.
var modules = map[string][]string{
	"assets":     nil,
	"shared":     nil,
	"authsvc":    {"shared"},
	"catalogsvc": {"shared"},
	"shopsvc":    {"shared"},
	"frontend":   {"assets", "shared"},
	"deploy":     {"shared"},
}

// domains are the rooms that hold each service's rules.
var domains = map[string]string{
	"authsvc":    "auth",
	"catalogsvc": "catalog",
	"shopsvc":    "shop",
}

// stores are the rooms that may speak SQL: the store of each service, and the
// payment gateways, which keep what another company would under its own roof.
var stores = []string{
	"authsvc/store", "catalogsvc/store", "shopsvc/store", "shopsvc/sandbox", "shopsvc/stripe",
}

// speaksSQL and speaksHTTP are what a package imports that does.
var (
	speaksSQL = []string{
		"database/sql", "github.com/Masterminds/squirrel", "github.com/go-sql-driver/mysql", "modernc.org/sqlite", sqlHelper,
		modulePrefix + "shared/mail/mailstore", modulePrefix + "shared/idempotency/keystore",
	}
	speaksHTTP = []string{
		"net/http", huma, "github.com/gorilla/mux",
		modulePrefix + "shared/httpserver", modulePrefix + "shared/httpclient", modulePrefix + "shared/jsonapi",
		modulePrefix + "shared/authapi", modulePrefix + "shared/catalogapi", modulePrefix + "shared/shopapi",
	}
)

// ImportFaults returns a sentence for every import that the design forbids.
func ImportFaults(all []Package) []string {
	adapters := adaptersIn(all)
	var faults []string
	for _, p := range all {
		for _, imported := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
			if why := crossModuleFault(p.ImportPath, imported); why != "" {
				faults = append(faults, why)
			}
		}
		for _, imported := range p.Imports {
			faults = append(faults, roomFaults(p.ImportPath, imported, adapters)...)
		}
	}
	if chain := importChain(all, frontend, huma); chain != nil {
		faults = append(faults, "the frontend serves no JSON API: "+strings.Join(chain, " imports "))
	}
	slices.Sort(faults)
	return slices.Compact(faults)
}

// importChain returns packages of which each imports the next, the first
// inside module from and the last inside to; nil if there are none.
func importChain(all []Package, from, to string) []string {
	imports := map[string][]string{}
	for _, p := range all {
		imports[p.ImportPath] = p.Imports
	}
	seen := map[string]bool{}
	var follow func(path string) []string
	follow = func(path string) []string {
		if oneOf(path, []string{to}) {
			return []string{path}
		}
		if seen[path] {
			return nil
		}
		seen[path] = true
		for _, imported := range imports[path] {
			if rest := follow(imported); rest != nil {
				return append([]string{path}, rest...)
			}
		}
		return nil
	}
	for _, p := range all {
		if oneOf(p.ImportPath, []string{from}) {
			if chain := follow(p.ImportPath); chain != nil {
				return chain
			}
		}
	}
	return nil
}

func crossModuleFault(from, to string) string {
	source, _ := rooms(from)
	target, _ := rooms(to)
	if target == "" || source == target || slices.Contains(modules[source], target) {
		return ""
	}
	return fmt.Sprintf("%s imports %s: %s may import only %q", from, to, source, modules[source])
}

// adaptersIn returns the rooms of services that know their domain. Those that
// do not, such as one that checks ISBNs, are free for all.
func adaptersIn(all []Package) map[string]bool {
	adapters := map[string]bool{}
	for _, p := range all {
		module, room := rooms(p.ImportPath)
		if domain := domainOf(module); domain != "" && room != "" && slices.Contains(p.Imports, domain) {
			adapters[module+"/"+room] = true
		}
	}
	return adapters
}

func roomFaults(from, to string, adapters map[string]bool) []string {
	module, room := rooms(from)
	target, targetRoom := rooms(to)
	var faults []string
	forbid := func(forbidden bool, why string) {
		if forbidden {
			faults = append(faults, fmt.Sprintf("%s imports %s: %s", from, to, why))
		}
	}
	isService := domains[module] != ""
	isDomain := isService && room == domains[module]
	isMain := isService && room == ""
	forbid(isDomain && oneOf(to, speaksSQL), "a domain knows no SQL")
	// The words of its contract, its codes, states and limits, are the domain's own.
	isContract := isService && to == modulePrefix+"shared/"+strings.TrimSuffix(module, "svc")+"api"
	forbid(isDomain && oneOf(to, speaksHTTP) && !isContract, "a domain knows no HTTP")
	forbid(isService && !isDomain && !isMain && !slices.Contains(stores, module+"/"+room) && oneOf(to, speaksSQL), "only the stores speak SQL")
	forbid(isMain && oneOf(to, speaksSQL) && to != sqlHelper, "only the stores speak SQL")
	forbid(module == "frontend" && oneOf(to, speaksSQL), "the frontend knows no SQL")
	forbid(module == "frontend" && room == "ui" && to == "net/http", "shared markup knows no requests")
	forbid(isService && room != "" && target == module && targetRoom != room && adapters[target+"/"+targetRoom], "adapters never import each other")
	return faults
}

// rooms returns the module of an import path and its room: the folder below
// internal/, or "". A path outside of the house has no module.
func rooms(importPath string) (module, room string) {
	rest, ok := strings.CutPrefix(importPath, modulePrefix)
	if !ok {
		return "", ""
	}
	module, rest, _ = strings.Cut(rest, "/")
	if _, below, ok := strings.Cut("/"+rest, "/internal/"); ok {
		room, _, _ = strings.Cut(below, "/")
	}
	return module, room
}

func domainOf(module string) string {
	if domains[module] == "" {
		return ""
	}
	return modulePrefix + module + "/internal/" + domains[module]
}

// oneOf reports whether path is one of these packages or inside one.
func oneOf(path string, packages []string) bool {
	return slices.ContainsFunc(packages, func(p string) bool { return path == p || strings.HasPrefix(path, p+"/") })
}

// topLevel are the only visible entries at the top.
var topLevel = []string{
	"assets", "authsvc", "catalogsvc", "deploy", "frontend", "shared", "shopsvc",
	"docker-compose.yml", "go.work", "README.md",
}

// StrayEntries returns what lies at the top and does not belong there, of the
// files with these paths.
func StrayEntries(paths []string) []string {
	var stray []string
	for _, path := range paths {
		entry, _, _ := strings.Cut(path, "/")
		if !strings.HasPrefix(entry, ".") && entry != "go.work.sum" && !slices.Contains(topLevel, entry) {
			stray = append(stray, entry)
		}
	}
	slices.Sort(stray)
	return slices.Compact(stray)
}
