// Command interop runs Commerce Layer's official JavaScript clients against the
// emulator. The clients were written for the API. So they must understand the
// emulator's answers in the same way as those of the API.
//
// The command needs Node, and the packages that `make interop` installs.
//
//	go run ./internal/cmd/interop -dir tools/interop
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"
)

func main() {
	dir := flag.String("dir", "tools/interop", "`directory` of the tests in JavaScript")
	node := flag.String("node", "node", "Node's `binary`")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, *dir, *node)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "interop:", err)
		os.Exit(1)
	}
}

// run serves the emulators while it runs the tests.
func run(ctx context.Context, dir, node string) error {
	binary, err := exec.LookPath(node)
	if err != nil {
		return fmt.Errorf("looking for Node, which the official clients need: %w", err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		return fmt.Errorf("looking for the official clients (make interop installs them): %w", err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	address, _ := listener.Addr().(*net.TCPAddr)
	s := newServer(address.Port)
	defer s.close()
	certificate, pem, err := newCertificate(time.Now())
	if err != nil {
		return err
	}
	server := &http.Server{Handler: s, TLSConfig: certificate, ReadHeaderTimeout: 10 * time.Second}
	defer func() { _ = server.Close() }()
	go func() { _ = server.ServeTLS(listener, "", "") }()

	authority := filepath.Join(os.TempDir(), fmt.Sprintf("interop-%d.pem", os.Getpid()))
	if err := os.WriteFile(authority, pem, 0o600); err != nil {
		return fmt.Errorf("writing the certificate: %w", err)
	}
	defer func() { _ = os.Remove(authority) }()
	settings, err := json.Marshal(s.settings) //nolint:gosec // everybody knows the emulator's secret
	if err != nil {
		return fmt.Errorf("writing the settings: %w", err)
	}
	cmd := exec.CommandContext(ctx, binary, "--import", "./resolve.js", "--test-reporter", "spec", "--test",
		"interop.test.js")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+authority, "INTEROP="+string(settings))
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("running the tests: %w", err)
	}
	return nil
}
