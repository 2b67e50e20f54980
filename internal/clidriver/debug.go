package clidriver

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path/filepath"
	"strings"
)

// reattachVariable names the variable that makes a CLI attach to running
// providers.
const reattachVariable = "TF_REATTACH_PROVIDERS"

// Attach makes the CLI use a running provider for a source. The provider is
// described as it describes itself when it starts with -debug.
func (d *Driver) Attach(provider any, source string) error {
	attached := map[string]any{}
	for _, host := range registryHosts {
		attached[host+"/"+source] = provider
	}
	value, err := json.Marshal(attached)
	d.Setenv(reattachVariable, string(value))
	return err
}

// Debug starts a provider binary with -debug in the environment of the CLI, and
// makes the CLI attach to it. Without this, each step of the CLI starts the
// provider again. The provider writes its log to the given writer. It runs until
// ctx ends. The returned function waits for its end.
func (d *Driver) Debug(ctx context.Context, binary string, log io.Writer, source string) (wait func(), err error) {
	command := exec.CommandContext(ctx, binary, "-debug")
	command.Dir = d.WorkingDir()
	command.Env = d.env
	command.Stderr = log
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		return nil, err
	}
	provider, err := readReattachment(output)
	if err == nil {
		err = d.Attach(provider, source)
	}
	if err != nil {
		return nil, fmt.Errorf("attaching to %s: %w", filepath.Base(binary), err)
	}
	return func() { _ = command.Wait() }, nil // it was killed
}

// readReattachment reads what a provider prints after its start with -debug. It
// returns the description of the provider.
func readReattachment(output io.Reader) (json.RawMessage, error) {
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		_, value, found := strings.Cut(lines.Text(), reattachVariable+"='")
		if !found {
			continue
		}
		var printed map[string]json.RawMessage
		if err := json.Unmarshal([]byte(strings.TrimSuffix(value, "'")), &printed); err != nil {
			return nil, err
		}
		for _, provider := range printed {
			return provider, nil // there is one
		}
	}
	return nil, errors.Join(errors.New("the provider did not say how to attach to it"), lines.Err())
}
