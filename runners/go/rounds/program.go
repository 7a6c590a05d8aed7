package main

import (
	"fmt"
	"go/ast"
	"go/token"
	"strconv"
	"strings"
)

// breaker changes functions of the program, so that words make them return at once.
type breaker struct {
	has, failure string
	words        vocabulary
}

// prepareProgram changes a file of the program. Functions for tests stay as they are: a broken assertion would hide
// what it asserts.
func prepareProgram(f *folder, one *source, b breaker, constants bool, prepared *result) {
	made := part{File: one.path, Words: map[string]string{}}
	for _, how := range []string{"nothing", "anything", "raise"} {
		made.Words[how] = b.words.word(strings.Join([]string{"part", one.path, how}, "\n"))
	}
	if !imports(one.file, "testing") {
		made.Breakable = b.breakFunctions(f, one, made) + changeValues(one, b.words, constants)
	}
	text := one.changed()
	never := fmt.Sprintf("\n\nfunc %s() int {\n\treturn %d\n}\n", b.words.name("never "+one.path), b.words.number(one.path))
	text = strings.TrimRight(text, " \t\r\n") + never
	made.NeverLine = strings.Count(text, "\n") - 1
	prepared.Files[one.path] = text
	prepared.Parts = append(prepared.Parts, made)
}

func (b breaker) breakFunctions(f *folder, one *source, made part) int {
	count := 0
	ast.Inspect(one.file, func(node ast.Node) bool {
		switch function := node.(type) {
		case *ast.FuncDecl:
			if function.Body != nil && len(function.Body.List) > 0 && function.Name.Name != "init" {
				count += b.breakBody(f, one, function.Type, function.Body, made)
			}
		case *ast.FuncLit:
			// A function without parameters is often a goroutine that others wait for.
			if function.Type.Params.NumFields() > 0 && len(function.Body.List) > 0 {
				count += b.breakBody(f, one, function.Type, function.Body, made)
			}
		}
		return true
	})
	return count
}

// breakBody lets a function return at once; 1 where it can do so without being more than broken.
func (b breaker) breakBody(f *folder, one *source, of *ast.FuncType, body *ast.BlockStmt, made part) int {
	inserted := fmt.Sprintf(" if %s(%q) { panic(%q) }; ", b.has, made.Words["raise"], b.words.word("panic"))
	nothing, sound := b.returning(f, one, of, false)
	broken := 0
	if sound {
		anything, _ := b.returning(f, one, of, true)
		inserted += fmt.Sprintf("if %s(%q) { %s }; if %s(%q) { %s }; ", b.has, made.Words["nothing"], nothing, b.has, made.Words["anything"], anything)
		broken = 1
	}
	one.insert(body.Lbrace+1, inserted)
	return broken
}

// returning is a statement that returns values of the right types, and whether callers can go on with them.
func (b breaker) returning(f *folder, one *source, of *ast.FuncType, anything bool) (string, bool) {
	if of.Results == nil || len(of.Results.List) == 0 {
		return "return", true
	}
	declared, names := []string{}, []string{}
	for _, field := range of.Results.List {
		for range max(1, len(field.Names)) {
			value, ok := b.value(f, one, field.Type, anything)
			if !ok {
				return "", false
			}
			name := b.words.name("result " + strconv.Itoa(len(names)))
			names = append(names, name)
			if value == "" {
				declared = append(declared, "var "+name+" "+one.textOf(field.Type))
			} else {
				declared = append(declared, "var "+name+" "+one.textOf(field.Type)+" = "+value)
			}
		}
	}
	return strings.Join(declared, "; ") + "; return " + strings.Join(names, ", "), true
}

// foreign are types of other packages whose zero value can be used.
var foreign = map[string]bool{
	"time.Time": true, "time.Duration": true, "json.RawMessage": true, "netip.Addr": true, "uuid.UUID": true,
	"decimal.Decimal": true, "big.Int": true, "big.Rat": true, "http.Header": true, "url.Values": true,
	"sql.NullString": true, "time.Month": true, "time.Weekday": true,
}

// value is an expression of a type, empty for the zero value; false where no caller could use it.
func (b breaker) value(f *folder, one *source, of ast.Expr, anything bool) (string, bool) {
	switch typed := of.(type) {
	case *ast.ParenExpr:
		return b.value(f, one, typed.X, anything)
	case *ast.Ident:
		return b.named(f, one, typed.Name, anything)
	case *ast.IndexExpr, *ast.IndexListExpr:
		return "", true
	case *ast.StarExpr:
		return b.pointer(f, one, typed.X, anything)
	case *ast.ArrayType:
		if typed.Len == nil && anything {
			return "make(" + one.textOf(of) + ", 1)", true
		}
		return "", true
	case *ast.MapType:
		return "make(" + one.textOf(of) + ")", true
	case *ast.InterfaceType:
		return "", typed.Methods == nil || len(typed.Methods.List) == 0
	case *ast.SelectorExpr:
		return "", foreign[one.textOf(of)]
	}
	return "", false
}

func (b breaker) pointer(f *folder, one *source, to ast.Expr, anything bool) (string, bool) {
	name, ok := to.(*ast.Ident)
	if !ok {
		return "", false
	}
	if basicOf(name.Name) != "" {
		return "new(" + name.Name + ")", true
	}
	structure, ok := f.types[name.Name].(*ast.StructType)
	if !ok {
		return "", false
	}
	return "&" + b.structure(name.Name, structure, anything), true
}

// basicOf is the kind of a predeclared type: string, number, bool; empty for others.
func basicOf(name string) string {
	switch name {
	case "string":
		return "string"
	case "bool":
		return "bool"
	case "int", "int8", "int16", "int32", "int64", "uint", "uint8", "uint16", "uint32", "uint64", "uintptr", "byte", "rune",
		"float32", "float64", "complex64", "complex128":
		return "number"
	}
	return ""
}

func (b breaker) literal(kind string) string {
	switch kind {
	case "string":
		return strconv.Quote(b.words.word("text"))
	case "number":
		return strconv.Itoa(b.words.number("value"))
	}
	return "true"
}

func (b breaker) named(f *folder, one *source, name string, anything bool) (string, bool) {
	if _, shadowed := f.types[name]; !shadowed {
		if kind := basicOf(name); kind != "" {
			if anything {
				return b.literal(kind), true
			}
			return "", true
		}
		switch {
		case name == "error" && anything:
			return b.failure + "{}", true
		case name == "any" && anything:
			return b.literal("string"), true
		}
		return "", true // error, any, or a type parameter
	}
	switch declared := f.types[name].(type) {
	case *ast.StructType:
		return b.structure(name, declared, anything), true
	case *ast.Ident:
		if kind := basicOf(declared.Name); kind != "" && anything {
			return name + "(" + b.literal(kind) + ")", true
		}
		return "", basicOf(declared.Name) != ""
	case *ast.MapType:
		return "make(" + name + ")", true
	case *ast.ArrayType:
		return "", true
	case *ast.InterfaceType:
		return "", declared.Methods == nil || len(declared.Methods.List) == 0
	}
	return "", false
}

// structure is a value of a struct type; with anything, its plain fields are filled.
func (b breaker) structure(name string, declared *ast.StructType, anything bool) string {
	filled := []string{}
	for _, field := range declared.Fields.List {
		typed, ok := field.Type.(*ast.Ident)
		if !ok || !anything || basicOf(typed.Name) == "" {
			continue
		}
		for _, fieldName := range field.Names {
			if fieldName.Name != "_" {
				filled = append(filled, fieldName.Name+": "+b.literal(basicOf(typed.Name)))
			}
		}
	}
	return name + "{" + strings.Join(filled, ", ") + "}"
}

// changeValues gives the constants and variables of a file other values, as far as they are written down there: texts,
// numbers and truth values, also within tables. Without change it only counts them.
func changeValues(one *source, words vocabulary, change bool) int {
	changed := valueChanger{one: one, change: change}
	for _, declared := range one.file.Decls {
		general, ok := declared.(*ast.GenDecl)
		if !ok || (general.Tok != token.CONST && general.Tok != token.VAR) {
			continue
		}
		for _, spec := range general.Specs {
			if values, ok := spec.(*ast.ValueSpec); ok {
				for _, value := range values.Values {
					changed.value(value, strconv.Quote(words.word(values.Names[0].Name)))
				}
			}
		}
	}
	return changed.count
}

type valueChanger struct {
	one    *source
	change bool
	count  int
}

func (c *valueChanger) insert(at token.Pos, text string) {
	c.count++
	if c.change {
		c.one.insert(at, text)
	}
}

// value changes what is written down of a value; what a call makes stays, for it may refuse another argument.
func (c *valueChanger) value(value ast.Expr, suffix string) {
	switch written := value.(type) {
	case *ast.BasicLit:
		c.literal(written, suffix)
	case *ast.Ident:
		if written.Name == "true" || written.Name == "false" {
			c.insert(written.Pos(), "!")
		}
	case *ast.ParenExpr:
		c.value(written.X, suffix)
	case *ast.UnaryExpr:
		c.value(written.X, suffix)
	case *ast.BinaryExpr:
		c.value(written.X, suffix)
	case *ast.CompositeLit:
		for _, element := range written.Elts {
			// Keys stay: those of arrays are places, those of structs names.
			if pair, ok := element.(*ast.KeyValueExpr); ok {
				element = pair.Value
			}
			c.value(element, suffix)
		}
	}
}

func (c *valueChanger) literal(literal *ast.BasicLit, suffix string) {
	switch literal.Kind {
	case token.STRING:
		c.insert(literal.End(), " + "+suffix)
	case token.FLOAT:
		c.insert(literal.End(), " + 1")
	case token.INT:
		// The largest number of a type stays one of the type, and one, by which others may divide, does not become zero.
		if literal.Value == "1" {
			c.insert(literal.End(), " + 1")
		} else {
			c.insert(literal.End(), " ^ 1")
		}
	}
}
