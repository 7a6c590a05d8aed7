package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"sort"
	"strconv"
	"strings"
)

// source is a parsed file.
type source struct {
	path   string
	text   string
	file   *ast.File
	set    *token.FileSet
	edits  []edit
	isTest bool
}

// edit inserts a text at an offset, after removing some bytes there.
type edit struct {
	offset  int
	removed int
	text    string
}

func (s *source) offset(pos token.Pos) int { return s.set.Position(pos).Offset }

func (s *source) insert(pos token.Pos, text string) {
	s.edits = append(s.edits, edit{offset: s.offset(pos), text: text})
}

func (s *source) replace(node ast.Node, text string) {
	start := s.offset(node.Pos())
	s.edits = append(s.edits, edit{offset: start, removed: s.offset(node.End()) - start, text: text})
}

// textOf is what a node is written as.
func (s *source) textOf(node ast.Node) string {
	return s.text[s.offset(node.Pos()):s.offset(node.End())]
}

// changed is the file with all edits.
func (s *source) changed() string {
	sort.SliceStable(s.edits, func(i, j int) bool { return s.edits[i].offset < s.edits[j].offset })
	var written strings.Builder
	last := 0
	for _, change := range s.edits {
		if change.offset < last {
			continue
		}
		written.WriteString(s.text[last:change.offset])
		written.WriteString(change.text)
		last = change.offset + change.removed
	}
	written.WriteString(s.text[last:])
	return written.String()
}

// folder is the files of one package, with its external tests.
type folder struct {
	path    string
	program []*source
	tests   []*source
	// name is the package's name; tests of another name are external.
	name  string
	types map[string]ast.Expr
}

func newFolder(folderPath string, files []string) *folder {
	made := &folder{path: folderPath, types: map[string]ast.Expr{}}
	sort.Strings(files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue
		}
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil || parsed.Name == nil {
			continue // it does not compile, and is judged elsewhere
		}
		one := &source{path: file, text: string(text), file: parsed, set: set, isTest: strings.HasSuffix(file, "_test.go")}
		if one.isTest {
			made.tests = append(made.tests, one)
		} else if !isIgnored(parsed) {
			made.program = append(made.program, one)
		}
	}
	made.name = made.packageName()
	for _, one := range made.program {
		collectTypes(one.file, made.types)
	}
	return made
}

// isIgnored tells files that no build takes in, such as generators beside a package.
func isIgnored(file *ast.File) bool {
	for _, group := range file.Comments {
		if group.Pos() > file.Package {
			return false
		}
		for _, comment := range group.List {
			if strings.HasPrefix(comment.Text, "//go:build") && strings.Contains(comment.Text, "ignore") {
				return true
			}
		}
	}
	return false
}

func (f *folder) packageName() string {
	for _, one := range f.program {
		return one.file.Name.Name
	}
	for _, one := range f.tests {
		return strings.TrimSuffix(one.file.Name.Name, "_test")
	}
	return ""
}

func collectTypes(file *ast.File, types map[string]ast.Expr) {
	for _, declared := range file.Decls {
		general, ok := declared.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range general.Specs {
			if named, ok := spec.(*ast.TypeSpec); ok {
				types[named.Name.Name] = named.Type
			}
		}
	}
}

func imports(file *ast.File, wanted string) bool {
	for _, one := range file.Imports {
		if name, err := strconv.Unquote(one.Path.Value); err == nil && name == wanted {
			return true
		}
	}
	return false
}

func contains(list []string, wanted string) bool {
	for _, one := range list {
		if one == wanted {
			return true
		}
	}
	return false
}

// prepareFolder changes the files of a folder, and adds the file that reads the variable of the environment.
func prepareFolder(f *folder, wanted request, words vocabulary, prepared *result) {
	has := words.name("has " + f.path)
	say := words.name("say " + f.path)
	within := words.name("within " + f.path)
	failure := words.name("error " + f.path)
	external, internal, program := false, false, false
	for _, one := range f.tests {
		untouched := contains(wanted.Untouched, one.path)
		prepareTests(f, one, testNames{has: has, say: say, within: within}, words, untouched, prepared)
		if untouched {
			continue
		}
		prepared.Files[one.path] = one.changed()
		if one.file.Name.Name == f.name {
			internal = true
		} else {
			external = true
		}
	}
	for _, one := range f.program {
		if contains(wanted.Untouched, one.path) || one.file.Name.Name != f.name {
			continue
		}
		program = true
		prepareProgram(f, one, breaker{has: has, failure: failure, words: words}, contains(wanted.Constants, one.path), prepared)
	}
	helper := helperFile{prepared: prepared, has: has, say: say, within: within, failure: failure, words: words}
	base := path.Join(f.path, words.name("file "+f.path))
	if program {
		prepared.Files[base+".go"] = helper.text(f.name)
	} else if internal {
		prepared.Files[base+"_test.go"] = helper.text(f.name)
	}
	if external {
		prepared.Files[base+"x_test.go"] = helper.text(f.name + "_test")
	}
}
