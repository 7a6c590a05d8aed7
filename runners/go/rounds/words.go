package main

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// vocabulary makes names and words that only somebody who knows the seed can tell.
type vocabulary struct{ seed string }

func (v vocabulary) word(purpose string) string {
	sum := sha256.Sum256([]byte(v.seed + "\n" + purpose))
	digits := hex.EncodeToString(sum[:6])
	return strings.Map(func(digit rune) rune {
		if digit <= '9' {
			return 'a' + digit - '0'
		}
		return 'k' + digit - 'a'
	}, digits)
}

// name is a word that can name something in Go.
func (v vocabulary) name(purpose string) string { return v.word("name " + purpose) }

// variable is a word that can name a variable of the environment.
func (v vocabulary) variable() string { return strings.ToUpper(v.word("variable")) }

// number is from 101 to 120: a value of every numeric type.
func (v vocabulary) number(purpose string) int {
	sum := sha256.Sum256([]byte(v.seed + "\nnumber " + purpose))
	return 101 + int(sum[0])%20
}
