package provider

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
)

// serve serves a new provider from this process until ctx ends. The provider has
// the environment of the CLI.
func (c *cli) serve(ctx context.Context) *clidriver.Reattachment {
	c.t.Helper()
	p := &commercelayerProvider{version: binaryVersion, environment: c.lookup}
	configs := make(chan *plugin.ReattachConfig)
	failed := make(chan error, 1)
	go func() {
		failed <- tf6server.Serve(Address, func() tfprotov6.ProviderServer { return newServer(p) },
			tf6server.WithDebug(ctx, configs, make(chan struct{})),
			tf6server.WithGoPluginLogger(hclog.NewNullLogger()), tf6server.WithLoggingSink(c.t), tf6server.WithoutLogStderrOverride())
	}()
	select {
	case config := <-configs:
		r := &clidriver.Reattachment{Protocol: string(config.Protocol), ProtocolVersion: config.ProtocolVersion, Pid: config.Pid, Test: true}
		r.Addr.Network, r.Addr.String = config.Addr.Network(), config.Addr.String()
		return r
	case err := <-failed:
		c.t.Fatal(err)
		return nil
	}
}

// lookup returns a variable of the environment of the CLI.
func (c *cli) lookup(name string) (string, bool) {
	for _, variable := range slices.Backward(c.env) {
		if value, found := strings.CutPrefix(variable, name+"="); found {
			return value, true
		}
	}
	return "", false
}

// providerLog is the file for the log of a provider that runs with -debug.
const providerLog = "provider.log"

// debug starts the provider with -debug, and all later runs of the CLI attach to
// it. So one process has to start, and not one for each step of the CLI. The
// provider writes its log into the file [providerLog].
func (c *cli) debug() {
	c.t.Helper()
	dir, err := binaryDir()
	if err != nil {
		c.t.Fatal(err)
	}
	log, err := os.Create(c.path(providerLog))
	if err != nil {
		c.t.Fatal(err)
	}
	defer log.Close()
	c.setEnvironment()
	stop, err := c.driver.Debug(c.t.Context(), filepath.Join(dir, "terraform-provider-commercelayer"), log, source)
	if err != nil {
		c.t.Fatal(err)
	}
	c.t.Cleanup(stop)
}
