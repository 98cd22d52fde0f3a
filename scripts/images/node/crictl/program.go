//go:build program

// Package crictl only names the program, so that `go mod tidy` keeps what it
// needs; the recipe builds it from its own module.
package crictl

import _ "sigs.k8s.io/cri-tools/cmd/crictl"
