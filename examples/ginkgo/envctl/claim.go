package envctl

import (
	"bufio"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
)

// claim takes the lock that says which process uses the lease. It is given back at the end of the process.
func (l *Lease) claim() error {
	body := fmt.Sprintf(`{"timeout": "2s", "holder": "Ginkgo [pid %d]"}`, os.Getpid())
	request, err := http.NewRequest(http.MethodPost, fmt.Sprintf("%s/v1/locks/envctl.worker-%d", l.API, l.Worker),
		strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+l.Token)
	// Without a limit: the answer goes on for as long as the lock is held.
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("the environment's primary does not answer, `envctl status` says what became of it: %w", err)
	}
	for lines := bufio.NewScanner(answer.Body); lines.Scan(); {
		var said struct {
			State string `json:"state"`
		}
		if json.Unmarshal(lines.Bytes(), &said) == nil && said.State == "held" {
			l.claimed = answer.Body
			return nil
		}
	}
	answer.Body.Close()
	return fmt.Errorf("lease %d is used by another test process, `envctl status` says by which: run one at a time, or raise"+
		" workers.count", l.Worker)
}
