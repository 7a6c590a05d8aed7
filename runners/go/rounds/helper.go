package main

import "strings"

// helperFile is what the changed files of a package share.
type helperFile struct {
	prepared                  *result
	has, say, within, failure string
	words                     vocabulary
}

// template is the text of the file; what is written in capitals is drawn. A test of a broken program may wait for ever:
// WITHIN waits for it as long as the number behind the word says, in milliseconds, and the process ends by itself after
// twenty such times.
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
	return time.AfterFunc(20*WAIT(), func() { os.Exit(3) })
}()

func WAIT() time.Duration {
	total := time.Duration(0)
	for _, digit := range VALUE[strings.Index(VALUE, "CAUGHT")+len("CAUGHT"):] {
		if digit < '0' || digit > '9' {
			break
		}
		total = 10*total + time.Duration(digit-'0')
	}
	return total * time.Millisecond
}

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
	case <-time.After(WAIT()):
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
		"VALUE", h.words.name("value "+h.has), "TIMER", h.words.name("timer "+h.has), "WAIT", h.words.name("wait "+h.has),
		"HAS", h.has, "SAY", h.say, "WITHIN", h.within, "FAILURE", h.failure,
		"CAUGHT", h.prepared.Caught, "PANICMARK", h.prepared.PanicMark,
		"SAID", h.words.word("said"), "ERRORTEXT", h.words.word("error text"),
	).Replace(template)
}
