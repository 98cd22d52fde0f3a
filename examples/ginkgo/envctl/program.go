package envctl

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// rollBack is how long `envctl up` may take to remove what it has begun.
const rollBack = 90 * time.Second

// Up makes the environment if it is not there, and gives its hand-off. It goes at the latest with this process, also after
// kill -9, unless somebody else uses or has made it.
func Up(ctx context.Context, progress io.Writer) ([]byte, error) {
	return run(ctx, progress, "up", "--ephemeral", "--owner-pid", strconv.Itoa(os.Getpid()), "--output", "json",
		"--progress", "plain")
}

// Leave removes the environment if it is there for this process alone.
func Leave(ctx context.Context, progress io.Writer) error {
	text, err := run(ctx, io.Discard, "status", "--output", "json")
	if err != nil {
		return err
	}
	var status struct {
		Lifetime struct {
			Ephemeral bool  `json:"ephemeral"`
			Owners    []int `json:"owners"`
		} `json:"lifetime"`
	}
	if err := json.Unmarshal(text, &status); err != nil {
		return fmt.Errorf("`envctl status` cannot be understood: %w", err)
	}
	owners := status.Lifetime.Owners
	if !status.Lifetime.Ephemeral || len(owners) != 1 || owners[0] != os.Getpid() {
		return nil
	}
	_, err = run(ctx, progress, "down", "--progress", "plain")
	return err
}

func run(ctx context.Context, progress io.Writer, words ...string) ([]byte, error) {
	program, err := find()
	if err != nil {
		return nil, err
	}
	command := exec.CommandContext(ctx, program, words...)
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.WaitDelay = rollBack
	var told bytes.Buffer
	command.Stderr = io.MultiWriter(progress, &told)
	text, err := command.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", command, err, told.String())
	}
	return text, nil
}

func find() (string, error) {
	if named := os.Getenv("ENVCTL_COMMAND"); named != "" {
		return named, nil
	}
	folder, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		file := filepath.Join(folder, "envctl")
		if info, err := os.Stat(file); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
			return file, nil
		}
		above := filepath.Dir(folder)
		if above == folder {
			break
		}
		folder = above
	}
	program, err := exec.LookPath("envctl")
	if err != nil {
		return "", errors.New("there is no program envctl here, above it or on the search path: set ENVCTL_COMMAND")
	}
	return program, nil
}
