package main

import "strings"

// helperFile is what the changed files of a package share.
type helperFile struct {
	prepared                  *result
	has, say, within, failure string
	words                     vocabulary
}

// template is the text of the file; what is written in capitals is drawn. A test of a broken program may wait for ever:
// WITHIN waits a second for it, and the process ends by itself after twenty.
const template = `package PACKAGE

import (
	"os"
	"strings"
	"time"
)

var VALUE = os.Getenv("VARIABLE")

var TIMER = func() *time.Timer {
	if !HAS("CAUGHT") {
		return nil
	}
	return time.AfterFunc(20*time.Second, func() { os.Exit(3) })
}()

func HAS(word string) bool { return strings.Contains(VALUE, word) }

func SAY() { os.Stdout.WriteString("SAID\n") }

func WITHIN(t interface{ Error(...interface{}) }, test func()) {
	if !HAS("CAUGHT") {
		test()
		return
	}
	done, late := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			if recover() == nil {
				return
			}
			select {
			case <-late:
			default:
				t.Error("PANICMARK")
			}
		}()
		test()
	}()
	select {
	case <-done:
	case <-time.After(time.Second):
		close(late)
		t.Error("PANICMARK")
	}
}

type FAILURE struct{}

func (FAILURE) Error() string { return "ERRORTEXT" }
`

func (h helperFile) text(packageName string) string {
	return strings.NewReplacer(
		"PACKAGE", packageName, "VARIABLE", h.prepared.Variable,
		"VALUE", h.words.name("value "+h.has), "TIMER", h.words.name("timer "+h.has),
		"HAS", h.has, "SAY", h.say, "WITHIN", h.within, "FAILURE", h.failure,
		"CAUGHT", h.prepared.Caught, "PANICMARK", h.prepared.PanicMark,
		"SAID", h.words.word("said"), "ERRORTEXT", h.words.word("error text"),
	).Replace(template)
}
