// Command rounds prepares a copy of a Go project in which tests can be made to fail, and functions to do other than
// their work.
//
// It reads a request on standard input and prints its result as JSON. It only parses the project's files, which may be
// hostile: nothing of them is compiled or run here. Which change takes effect is decided when a test program starts, by
// a variable of the environment that holds words; all names and words are derived from the request's seed.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path"
	"sort"
)

// request says what is to be prepared.
type request struct {
	// Root is the folder of the project.
	Root string `json:"root"`
	// Files are paths of Go files below the root.
	Files []string `json:"files"`
	// Seed decides all names and words.
	Seed string `json:"seed"`
	// Untouched are files that are to stay as they are, because their changed form does not compile.
	Untouched []string `json:"untouched"`
	// Constants are files of the program whose constants and variables get other values.
	Constants []string `json:"constants"`
}

// testCase is a test, fuzz test or example that was found in a file.
type testCase struct {
	Dir     string `json:"dir"`
	File    string `json:"file"`
	Name    string `json:"name"`
	Line    int    `json:"line"`
	Asserts bool   `json:"asserts"`
	// Changed says whether the words have an effect.
	Changed bool `json:"changed"`
	// Words make the test fail, by phase.
	Words map[string]string `json:"words"`
}

// part is a file of the program whose functions can be broken.
type part struct {
	File string `json:"file"`
	// Breakable are the functions and the values in it that can be changed.
	Breakable int `json:"breakable"`
	// Words break the functions, by what they return.
	Words map[string]string `json:"words"`
	// NeverLine is the line of a statement that nothing runs; 0 where there is none.
	NeverLine int `json:"neverLine"`
}

type result struct {
	Tests []testCase `json:"tests"`
	Parts []part     `json:"parts"`
	// Files are changed and added files, by path below the root.
	Files map[string]string `json:"files"`
	// Variable is the name of the environment variable that holds the words.
	Variable string `json:"variable"`
	// All is the word that makes every test fail; Caught the one that ends a test that panics, and says so by PanicMark.
	All       string `json:"all"`
	Caught    string `json:"caught"`
	PanicMark string `json:"panicMark"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var wanted request
	if err := json.NewDecoder(os.Stdin).Decode(&wanted); err != nil {
		return fmt.Errorf("expected a request as JSON on standard input: %w", err)
	}
	if err := os.Chdir(wanted.Root); err != nil {
		return err
	}
	words := vocabulary{seed: wanted.Seed}
	prepared := result{
		Tests: []testCase{}, Parts: []part{}, Files: map[string]string{}, Variable: words.variable(),
		All: words.word("all"), Caught: words.word("caught"), PanicMark: words.word("panic mark"),
	}
	byFolder := map[string][]string{}
	for _, file := range wanted.Files {
		byFolder[path.Dir(file)] = append(byFolder[path.Dir(file)], file)
	}
	folders := make([]string, 0, len(byFolder))
	for folder := range byFolder {
		folders = append(folders, folder)
	}
	sort.Strings(folders)
	for _, folder := range folders {
		prepareFolder(newFolder(folder, byFolder[folder]), wanted, words, &prepared)
	}
	return json.NewEncoder(os.Stdout).Encode(prepared)
}
