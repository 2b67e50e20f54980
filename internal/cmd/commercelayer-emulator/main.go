// Command emulator serves the emulated Core API on this machine, for trying the
// provider by hand.
//
//	go run ./internal/cmd/emulator -customers 1000 -limits -log
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "emulator:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("emulator", flag.ContinueOnError)
	flags.SetOutput(stderr)
	addr := flags.String("addr", "127.0.0.1:8080", "loopback `address` to listen on, port 0 for any")
	live := flags.Bool("live", false, "live mode instead of test mode")
	limits := flags.Bool("limits", false, "enforce the rate limits of the mode")
	customers := flags.Int("customers", 0, "generated `number` of customers beside the seeded two")
	latency := flags.Duration("latency", 0, "time to hold each answer back")
	log := flags.Bool("log", false, "write one line a request")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}

	listener, err := listen(ctx, *addr)
	if err != nil {
		return err
	}
	opts := []emulator.Option{emulator.WithCustomers(*customers), emulator.WithLatency(*latency)}
	if *live {
		opts = append(opts, emulator.WithLive())
	}
	if *limits {
		opts = append(opts, emulator.WithLimits())
	}
	api := emulator.New(opts...)
	handler := http.Handler(api)
	if *log {
		handler = logged(api, stdout)
	}
	explain(stdout, "http://"+listener.Addr().String())

	server := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	api.Close()
	deadline, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := server.Shutdown(deadline); err != nil {
		return server.Close()
	}
	return nil
}

// listen opens addr if it is one of this machine's loopback addresses: the
// emulator accepts a token that everybody knows.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("reading -addr %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("reading -addr %q: %q is not a loopback host, use 127.0.0.1, ::1 or localhost", addr, host)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listening: %w", err)
	}
	return listener, nil
}

// explain says how to use what was started.
func explain(w io.Writer, url string) {
	fmt.Fprintf(w, `Commerce Layer emulator on %[1]s

  export COMMERCELAYER_DOMAIN=%[1]s
  export COMMERCELAYER_TOKEN=%[2]s

or, instead of the token:

  export COMMERCELAYER_CLIENT_ID=%[3]s
  export COMMERCELAYER_CLIENT_SECRET=%[4]s

Try it:

  curl -g '%[1]s/api/customers/%[5]s' -H 'Accept: application/vnd.api+json' -H 'Authorization: Bearer %[2]s'

`, url, emulator.DefaultToken, emulator.DefaultClientID, emulator.DefaultClientSecret, emulator.SeedCustomerID)
}

// logged writes one line for each request once it is answered. Line breaks in a
// request cannot forge a line: the path and query are as escaped on the wire.
func logged(next http.Handler, w io.Writer) http.Handler {
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		start := time.Now()
		sw := &statusWriter{ResponseWriter: rw, status: http.StatusOK}
		next.ServeHTTP(sw, r)
		uri := r.URL.EscapedPath()
		if r.URL.RawQuery != "" {
			uri += "?" + r.URL.RawQuery
		}
		line := fmt.Sprintf("%s %s %d %s\n", r.Method, uri, sw.status, time.Since(start).Round(time.Microsecond))
		_, _ = io.Copy(w, strings.NewReader(line))
	})
}

// statusWriter notes the status.
type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the server's writer.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
