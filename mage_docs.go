//go:build mage

package main

import "github.com/magefile/mage/sh"

// Docs writes a page with an example for every algorithm to docs/algorithms, from the registries.
func Docs() error { return sh.RunV("go", "run", "./tools/docs") }
