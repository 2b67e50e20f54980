package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

// serve serves until it is interrupted or ctx ends.
func serve(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	var o options
	flags := newFlags("commercelayer-emulator")
	addr := flags.String("addr", "127.0.0.1:8080", "`host:port` to listen on; port 0 means any free port")
	expose := flags.Bool("expose", false, "allow an -addr that other machines can reach, and requests for any host name")
	o.register(flags, "write a line for each request")
	if err := o.parse(flags, args, stderr); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return wrongUsage("unexpected argument %q (see -help)", flags.Arg(0))
	}
	if o.next != "" && o.nextAtRun == 0 && runtime.GOOS == "windows" {
		return wrongUsage("-next needs -next-at-run on Windows, which has no SIGHUP")
	}

	// At SIGHUP before the files are read, the switch comes as soon as they are.
	hangUps := make(chan os.Signal, 1)
	if o.next != "" {
		signal.Notify(hangUps, syscall.SIGHUP)
		defer signal.Stop(hangUps)
	}
	api, change, err := o.build(stderr)
	if err != nil {
		return err
	}
	// Until here an interrupt ends the process by itself, even while it waits for
	// a file that is a pipe.
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := listen(ctx, *addr, *expose)
	if err != nil {
		return err
	}
	if *expose {
		fmt.Fprintln(stderr, nameInErrors+exposedWarning)
	}
	handler := http.Handler(api)
	if !*expose {
		handler = forThisMachine(api)
	}
	if o.log {
		handler = logged(handler, stdout)
	}
	server := newServer(handler)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	explain(stdout, urlOf(listener), &o, api)

	for {
		select {
		case err := <-failed:
			return fmt.Errorf("serving: %w", err)
		case <-hangUps:
			change()
		case <-ctx.Done():
			api.Close()
			return server.Close()
		}
	}
}

func newServer(handler http.Handler) *http.Server {
	return &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}
}

const exposedWarning = "warning: -expose: every machine that reaches this address can read everything that is " +
	"served, because everybody knows the credentials. The provider uses https for every host except this machine, " +
	"so on other machines it needs a proxy with a certificate in front of the emulator"

// explain says how to use the emulator. Scripts wait for the last line, because
// the emulator answers from then on.
func explain(w io.Writer, url string, o *options, api *emulator.Emulator) {
	ids := api.CustomerIDs()
	fmt.Fprintf(w, `Commerce Layer emulator in %[6]s mode. Customers: %[7]d, from %[8]s

  export COMMERCELAYER_DOMAIN=%[1]s
  export COMMERCELAYER_CLIENT_ID=%[3]s
  export COMMERCELAYER_CLIENT_SECRET=%[4]s

With these variables the provider asks for a token, as it does for your own organization. You can also set a
fixed token instead of the client ID and the client secret. The fixed token does not name an organization:

  export COMMERCELAYER_TOKEN=%[2]s

Try it:

  curl -g '%[1]s/api/customers/%[5]s' -H 'Accept: application/vnd.api+json' -H 'Authorization: Bearer %[2]s'

ready %[1]s
`, url, emulator.DefaultToken, emulator.DefaultClientID, emulator.DefaultClientSecret,
		append(ids, "ID")[0], o.mode(), len(ids), o.source())
}
