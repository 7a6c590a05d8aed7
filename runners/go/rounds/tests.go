package main

import (
	"fmt"
	"go/ast"
	"strings"
	"unicode"
	"unicode/utf8"
)

// testNames are the names of the functions that changed tests call (helper.go).
type testNames struct{ has, say, within string }

// hasPrefix tells names that the test framework takes for tests: TestX and Test, not Testing.
func hasPrefix(name, prefix string) bool {
	rest, ok := strings.CutPrefix(name, prefix)
	if !ok {
		return false
	}
	first, _ := utf8.DecodeRuneInString(rest)
	return rest == "" || !unicode.IsLower(first)
}

// oneParameter is the only parameter of a function; null where there is none or are several.
func oneParameter(function *ast.FuncDecl) *ast.Field {
	list := function.Type.Params.List
	if len(list) != 1 || len(list[0].Names) > 1 {
		return nil
	}
	return list[0]
}

func isTestMain(function *ast.FuncDecl, parameter *ast.Field) bool {
	pointer, ok := parameter.Type.(*ast.StarExpr)
	if function.Name.Name != "TestMain" || !ok {
		return false
	}
	switch named := pointer.X.(type) {
	case *ast.SelectorExpr:
		return named.Sel.Name == "M"
	case *ast.Ident:
		return named.Name != "T"
	}
	return false
}

// prepareTests lists the tests of a file, and changes them unless the file is to stay as it is.
func prepareTests(f *folder, one *source, names testNames, words vocabulary, untouched bool, prepared *result) {
	for _, declared := range one.file.Decls {
		function, ok := declared.(*ast.FuncDecl)
		if !ok || function.Recv != nil || function.Body == nil {
			continue
		}
		name := function.Name.Name
		made := testCase{
			Dir: f.path, File: one.path, Name: name, Line: one.set.Position(function.Pos()).Line,
			Changed: !untouched, Words: map[string]string{},
		}
		for _, phase := range []string{"setup", "call", "teardown"} {
			made.Words[phase] = words.word(strings.Join([]string{"test", f.path, name, phase}, "\n"))
		}
		parameter := oneParameter(function)
		switch {
		case (hasPrefix(name, "Test") || hasPrefix(name, "Fuzz")) && parameter != nil && !isTestMain(function, parameter):
			receiver := nameOf(one, parameter, words.name("t "+name))
			made.Asserts = asserts(function.Body, receiver)
			catchInSubtests(one, function.Body, names.has, prepared)
			one.insert(function.Body.Lbrace+1, failing(receiver, names.has, made, words, prepared))
			if hasPrefix(name, "Test") && !isParallel(function.Body) {
				one.insert(function.Body.Lbrace+1, fmt.Sprintf("%s(%s, func() { ", names.within, receiver))
				one.insert(function.Body.Rbrace, "\n})")
			}
		case hasPrefix(name, "Example") && len(function.Type.Params.List) == 0 && hasOutput(one, function):
			made.Asserts = true
			one.insert(function.Body.Lbrace+1, saying(names, made, prepared))
		default:
			continue
		}
		prepared.Tests = append(prepared.Tests, made)
	}
}

// nameOf is the name of a test's parameter, which gets one where it has none.
func nameOf(one *source, parameter *ast.Field, drawn string) string {
	if len(parameter.Names) == 0 {
		one.insert(parameter.Type.Pos(), drawn+" ")
		return drawn
	}
	if parameter.Names[0].Name == "_" {
		one.replace(parameter.Names[0], drawn)
		return drawn
	}
	return parameter.Names[0].Name
}

// failing is what a test begins with: it fails in the phase whose word is set.
func failing(t, has string, test testCase, words vocabulary, prepared *result) string {
	message := words.word("message " + test.Dir + " " + test.Name)
	setup := fmt.Sprintf("if %s(%q) { %s.Fatal(%q) }; ", has, test.Words["setup"], t, message)
	teardown := fmt.Sprintf("if %s(%q) || %s(%q) { %s.Cleanup(func() { %s.Error(%q) }) }; ", has, test.Words["teardown"], has, prepared.All, t, t, message)
	call := fmt.Sprintf("if %s(%q) || %s(%q) { defer %s.Errorf(\"%%s\", %q) }; ", has, test.Words["call"], has, prepared.All, t, message)
	return " " + caught(t, has, prepared) + setup + teardown + call
}

// caught ends a test that panics, so that those after it are reached.
func caught(t, has string, prepared *result) string {
	return fmt.Sprintf("if %s(%q) { defer func() { if recover() != nil { %s.Error(%q) } }() }; ", has, prepared.Caught, t, prepared.PanicMark)
}

// isParallel tells tests that wait for others before they begin.
func isParallel(body *ast.BlockStmt) bool {
	parallel := false
	ast.Inspect(body, func(node ast.Node) bool {
		if selector, ok := node.(*ast.SelectorExpr); ok && selector.Sel.Name == "Parallel" {
			parallel = true
		}
		return !parallel
	})
	return parallel
}

// catchInSubtests does the same in functions within a test that get a test of their own: each runs in a goroutine of
// its own.
func catchInSubtests(one *source, body *ast.BlockStmt, has string, prepared *result) {
	ast.Inspect(body, func(node ast.Node) bool {
		function, ok := node.(*ast.FuncLit)
		if !ok || len(function.Type.Params.List) != 1 || len(function.Type.Params.List[0].Names) != 1 {
			return true
		}
		parameter := function.Type.Params.List[0]
		name := parameter.Names[0].Name
		if pointer, ok := parameter.Type.(*ast.StarExpr); ok && name != "_" {
			if selector, ok := pointer.X.(*ast.SelectorExpr); ok && selector.Sel.Name == "T" {
				one.insert(function.Body.Lbrace+1, " "+caught(name, has, prepared))
			}
		}
		return true
	})
}

// saying is what an example begins with: it prints what it is not expected to.
func saying(names testNames, test testCase, prepared *result) string {
	conditions := []string{}
	for _, word := range []string{test.Words["setup"], test.Words["call"], test.Words["teardown"], prepared.All} {
		conditions = append(conditions, fmt.Sprintf("%s(%q)", names.has, word))
	}
	return fmt.Sprintf(" if %s { %s() }; ", strings.Join(conditions, " || "), names.say)
}

// hasOutput tells examples that are run: those with a comment that says what they print.
func hasOutput(one *source, function *ast.FuncDecl) bool {
	for _, group := range one.file.Comments {
		if group.Pos() < function.Body.Lbrace || group.End() > function.Body.Rbrace {
			continue
		}
		text := strings.ToLower(strings.TrimSpace(group.Text()))
		if strings.HasPrefix(text, "output:") || strings.HasPrefix(text, "unordered output:") {
			return true
		}
	}
	return false
}

var failures = map[string]bool{"Error": true, "Errorf": true, "Fatal": true, "Fatalf": true, "Fail": true, "FailNow": true}

// asserts tells whether a test means to say something: it fails in some case, or hands itself to a function that can
// make it fail.
func asserts(body *ast.BlockStmt, t string) bool {
	does := false
	ast.Inspect(body, func(node ast.Node) bool {
		call, ok := node.(*ast.CallExpr)
		if !ok {
			return true
		}
		if selector, ok := call.Fun.(*ast.SelectorExpr); ok && failures[selector.Sel.Name] {
			does = true
		}
		for _, argument := range call.Args {
			if name, ok := argument.(*ast.Ident); ok && name.Name == t {
				does = true
			}
		}
		return true
	})
	return does
}
