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

// A Reattachment tells a CLI how to attach to a running provider. A provider
// prints it when it starts with -debug.
type Reattachment struct {
	Protocol        string
	ProtocolVersion int
	Pid             int
	Test            bool
	Addr            struct{ Network, String string }
}

// Attach makes the CLI use a running provider for each of the sources. The
// sources are those of [Driver.Override].
func (d *Driver) Attach(provider *Reattachment, sources ...string) error {
	attached := map[string]*Reattachment{}
	for _, host := range registryHosts {
		for _, source := range sources {
			attached[host+"/"+source] = provider
		}
	}
	value, err := json.Marshal(attached)
	d.Setenv(reattachVariable, string(value))
	return err
}

// Debug starts a provider binary with -debug in the environment of the CLI, and
// makes the CLI attach to it. Without this, each step of the CLI starts the
// provider again. The provider writes its log to the given writer. It runs until
// ctx ends. The returned function waits for its end.
func (d *Driver) Debug(ctx context.Context, binary string, log io.Writer, sources ...string) (wait func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	command := exec.CommandContext(ctx, binary, "-debug")
	command.Dir = d.WorkingDir()
	command.Env = d.env
	command.Stderr = log
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		cancel()
		return nil, err
	}
	wait = func() {
		cancel()
		_ = command.Wait() // it was killed
	}
	provider, err := readReattachment(output)
	if err == nil {
		err = d.Attach(provider, sources...)
	}
	if err != nil {
		wait()
		return nil, fmt.Errorf("attaching to %s: %w", filepath.Base(binary), err)
	}
	return wait, nil
}

// readReattachment reads what a provider prints after its start with -debug.
func readReattachment(output io.Reader) (*Reattachment, error) {
	lines := bufio.NewScanner(output)
	for lines.Scan() {
		_, value, found := strings.Cut(lines.Text(), reattachVariable+"='")
		if !found {
			continue
		}
		var printed map[string]*Reattachment
		if err := json.Unmarshal([]byte(strings.TrimSuffix(value, "'")), &printed); err != nil {
			return nil, err
		}
		for _, provider := range printed {
			return provider, nil
		}
		break // a provider without an address, which would not print more
	}
	return nil, errors.Join(errors.New("the provider did not say how to attach to it"), lines.Err())
}
