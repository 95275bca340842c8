package checks

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"

	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// contractCodes are the codes and reasons that the contracts own, but for the
// few that are plain words: a literal may mean something else by those.
func contractCodes() []string {
	all := slices.Concat(apierr.Codes, apierr.FieldCodes, authapi.Codes, authapi.FieldCodes,
		catalogapi.Codes, catalogapi.FieldCodes, shopapi.Codes, shopapi.FieldCodes, shopapi.Reasons, shopapi.DeclineReasons)
	return slices.DeleteFunc(all, func(code string) bool { return !strings.Contains(code, "_") })
}

// ownsCodes begin the paths of the files that may spell codes: those of the
// contracts themselves, of what seals and migrates the words of old rows, and of
// Stripe, whose own codes look alike.
var ownsCodes = []string{
	"shared/apierr/", "shared/authapi/", "shared/catalogapi/", "shared/shopapi/", "shared/seal/", "shopsvc/internal/stripe/",
}

// CodeFaults returns a sentence for every literal in a Go file that is a code of
// a contract, which has a constant for it.
func CodeFaults(name string, source []byte) ([]string, error) {
	if slices.ContainsFunc(ownsCodes, func(path string) bool { return strings.HasPrefix(name, path) }) {
		return nil, nil
	}
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	codes := contractCodes()
	var faults []string
	ast.Inspect(file, func(n ast.Node) bool {
		literal, ok := n.(*ast.BasicLit)
		if !ok || literal.Kind != token.STRING {
			return true
		}
		if text, err := strconv.Unquote(literal.Value); err == nil && slices.Contains(codes, text) {
			faults = append(faults, fmt.Sprintf("%s: %s is a code of a contract, which has a constant for it", files.Position(literal.Pos()), literal.Value))
		}
		return true
	})
	return faults, nil
}
