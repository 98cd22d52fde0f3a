// Package envctl lets a Go test process use an environment that envctl made.
package envctl

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
)

// HandOff is what `envctl up -o json` prints, as far as tests need it.
type HandOff struct {
	Name    string `json:"name"`
	Workers []struct {
		Index int    `json:"index"`
		File  string `json:"file"`
	} `json:"workers"`
}

// Lease is what one test process has for itself: the file workers/N.json.
type Lease struct {
	Worker     int      `json:"worker"`
	ID         string   `json:"lease"`
	TestID     string   `json:"testId"`
	Kubeconfig string   `json:"kubeconfig"`
	Namespace  string   `json:"namespace"`
	Postgres   Postgres `json:"postgres"`
	Redis      Redis    `json:"redis"`
	Ports      struct {
		From int `json:"from"`
		To   int `json:"to"`
	} `json:"ports"`
	API   string `json:"api"`
	Token string `json:"token"`

	tests int
	// Open for as long as the lease is used.
	claimed io.Closer
}

// Postgres is a database and its owner.
type Postgres struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	User     string `json:"user"`
	Password string `json:"password"`
	Database string `json:"database"`
	URL      string `json:"url"`
}

// Redis is a user who reaches one index, or a server.
type Redis struct {
	URL string `json:"url"`
}

// ReadHandOff understands what Up gave.
func ReadHandOff(text []byte) (HandOff, error) {
	var handOff HandOff
	if err := json.Unmarshal(text, &handOff); err != nil {
		return handOff, fmt.Errorf("this is no hand-off of envctl: %w", err)
	}
	return handOff, nil
}

// Lease is the lease of a process, from 1, if no other test process uses it: a second run, or one of another language.
func (h HandOff) Lease(process int) (*Lease, error) {
	for _, worker := range h.Workers {
		if worker.Index != process {
			continue
		}
		text, err := os.ReadFile(worker.File)
		if err != nil {
			return nil, fmt.Errorf("the lease of process %d cannot be read: %w", process, err)
		}
		lease := &Lease{}
		if err := json.Unmarshal(text, lease); err != nil {
			return nil, fmt.Errorf("%s is no lease: %w", worker.File, err)
		}
		return lease, lease.claim()
	}
	return nil, fmt.Errorf("process %d has no lease: environment %s has %d. Set workers.count to as many as --procs",
		process, h.Name, len(h.Workers))
}

// NextTestID is a name that no other test has, such as w3-5f0c9d21-17: begin with it what the test makes.
func (l *Lease) NextTestID() string {
	l.tests++
	return fmt.Sprintf("%s-%d", l.TestID, l.tests)
}
