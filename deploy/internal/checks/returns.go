package checks

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
)

// ReturnFaults returns a sentence for every return statement in a Go file that
// reads a variable beside a call that may fill it, such as
//
//	return out, fill(&out)
//
// The language leaves open which of the two comes first. A call may fill a
// variable whose address it takes, that a function literal in it assigns, or
// whose method it is, if the function declares the variable as a value. A call
// of a method Wait may fill any: goroutines do so until then.
func ReturnFaults(name string, source []byte) ([]string, error) {
	files := token.NewFileSet()
	file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var faults []string
	ast.Inspect(file, func(n ast.Node) bool {
		function, body := bodyOf(n)
		if body == nil {
			return true
		}
		values := structsIn(function, body)
		ast.Inspect(body, func(n ast.Node) bool {
			if _, inner := bodyOf(n); inner != nil {
				return false // has its turn in the outer walk
			}
			if returned, ok := n.(*ast.ReturnStmt); ok {
				if variable := filledBeside(returned.Results, values); variable != "" {
					faults = append(faults, fmt.Sprintf("%s: %s is read beside a call that may fill it", files.Position(returned.Pos()), variable))
				}
			}
			return true
		})
		return true
	})
	return faults, nil
}

// bodyOf returns the type and the body of a function, if n is one.
func bodyOf(n ast.Node) (*ast.FuncType, *ast.BlockStmt) {
	switch f := n.(type) {
	case *ast.FuncDecl:
		return f.Type, f.Body
	case *ast.FuncLit:
		return f.Type, f.Body
	}
	return nil, nil
}

// structsIn returns the variables of a function that hold a value of a named
// type, not a pointer to one, as far as its text tells.
func structsIn(function *ast.FuncType, body *ast.BlockStmt) map[string]bool {
	values := map[string]bool{}
	declare := func(names []*ast.Ident, kind ast.Expr) {
		switch kind.(type) {
		case *ast.Ident, *ast.SelectorExpr, *ast.IndexExpr:
			for _, name := range names {
				values[name.Name] = true
			}
		}
	}
	if function.Results != nil {
		for _, field := range function.Results.List {
			declare(field.Names, field.Type)
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch s := n.(type) {
		case *ast.ValueSpec:
			declare(s.Names, s.Type)
		case *ast.AssignStmt:
			for i, left := range s.Lhs {
				name, ok := left.(*ast.Ident)
				if ok && len(s.Lhs) == len(s.Rhs) {
					if literal, ok := s.Rhs[i].(*ast.CompositeLit); ok {
						declare([]*ast.Ident{name}, literal.Type)
					}
				}
			}
		}
		return true
	})
	return values
}

// filledBeside returns a variable that one of results reads and that a call in
// another may fill, or "".
func filledBeside(results []ast.Expr, values map[string]bool) string {
	for i, filler := range results {
		if waits(filler) {
			for j, reader := range results {
				if variable := variableIn(reader); i != j && variable != "" && variable != "nil" {
					return variable
				}
			}
		}
		for variable := range filledIn(filler, values) {
			for j, reader := range results {
				if i != j && reads(reader, variable) {
					return variable
				}
			}
		}
	}
	return ""
}

// waits reports whether e is a call of a method Wait.
func waits(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	method, ok := call.Fun.(*ast.SelectorExpr)
	return ok && method.Sel.Name == "Wait"
}

// filledIn returns the variables that calls in e may fill.
func filledIn(e ast.Expr, values map[string]bool) map[string]bool {
	filled := map[string]bool{}
	add := func(e ast.Expr) {
		if name := variableIn(e); name != "" {
			filled[name] = true
		}
	}
	ast.Inspect(e, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if method, ok := call.Fun.(*ast.SelectorExpr); ok && values[variableIn(method.X)] {
			add(method.X)
		}
		for _, argument := range call.Args {
			ast.Inspect(argument, func(n ast.Node) bool {
				switch a := n.(type) {
				case *ast.UnaryExpr:
					if a.Op == token.AND {
						add(a.X)
					}
				case *ast.AssignStmt:
					if a.Tok != token.DEFINE {
						for _, left := range a.Lhs {
							add(left)
						}
					}
				}
				return true
			})
		}
		return true
	})
	return filled
}

// reads reports whether e reads the variable itself or a part of it.
func reads(e ast.Expr, variable string) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch x := n.(type) {
		case *ast.SelectorExpr:
			found = found || reads(x.X, variable)
			return false // what follows the dot is no variable
		case *ast.KeyValueExpr:
			found = found || reads(x.Value, variable)
			return false
		case *ast.Ident:
			found = found || x.Name == variable
		}
		return true
	})
	return found
}

// variableIn returns the variable that e is, or is a part of, or "".
func variableIn(e ast.Expr) string {
	switch x := e.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return variableIn(x.X)
	case *ast.IndexExpr:
		return variableIn(x.X)
	case *ast.ParenExpr:
		return variableIn(x.X)
	}
	return ""
}
