// Command interop runs Commerce Layer's official JavaScript clients against the
// emulator. The clients were written for the API. So they must understand the
// emulator's answers in the same way as those of the API.
//
// The command needs Node, and the packages that `make interop` installs. It runs in
// the root of the source tree.
package main

import (
	"context"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net"
	"net/http/httptest"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(1)
	}
}

// run serves the emulators while it runs the tests.
func run(ctx context.Context) error {
	server := httptest.NewUnstartedServer(nil)
	defer server.Close()
	address, _ := server.Listener.Addr().(*net.TCPAddr)
	s := newServer(address.Port)
	server.Config.Handler = s
	server.StartTLS()

	// The certificate signs itself, so it is the authority that Node has to trust.
	authority := filepath.Join(os.TempDir(), fmt.Sprintf("interop-%d.pem", os.Getpid()))
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(authority, certificate, 0o600); err != nil {
		return fmt.Errorf("writing the certificate: %w", err)
	}
	defer func() { _ = os.Remove(authority) }()
	settings, err := json.Marshal(s.settings) //nolint:gosec // everybody knows the emulator's secret
	if err != nil {
		return fmt.Errorf("writing the settings: %w", err)
	}
	cmd := exec.CommandContext(ctx, "node", "--import", "./resolve.js", "--test-reporter", "spec", "--test",
		"interop.test.js")
	cmd.Dir = filepath.Join("tools", "interop")
	cmd.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+authority, "INTEROP="+string(settings))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("running the tests: %w", err)
	}
	return nil
}
