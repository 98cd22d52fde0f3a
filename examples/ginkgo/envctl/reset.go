package envctl

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Longer than the primary itself allows for a reset.
var client = &http.Client{Timeout: 90 * time.Second}

// Reset makes parts of the lease as new: postgres, redis, kubernetes; all of them if none is named. Addresses and passwords
// stay; connections are ended.
func (l *Lease) Reset(ctx context.Context, parts ...string) error {
	address := fmt.Sprintf("%s/v1/leases/%d/reset", l.API, l.Worker)
	if len(parts) > 0 {
		address += "?only=" + strings.Join(parts, ",")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, nil)
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+l.Token)
	answer, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("the environment's primary does not answer, `envctl status` says what became of it: %w", err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode >= http.StatusBadRequest {
		err = fmt.Errorf("the lease could not be reset (HTTP %d): %s", answer.StatusCode, text)
	}
	return err
}
