//go:build tools

// Package toolchain pins the Go programs that judge answers: go.mod names them, go.sum holds their hashes.
package toolchain

import _ "honnef.co/go/tools/cmd/staticcheck"
