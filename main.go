// Command terraform-provider-commercelayer serves the Commerce Layer provider
// to Terraform and OpenTofu.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/process"
	"github.com/commercelayer/terraform-provider-commercelayer/internal/provider"
)

// version is set by the linker when a release is built.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false,
		"run with support for debuggers, and print how to attach Terraform to this process")
	flag.Parse()

	process.Silence()
	process.BoundMemory()
	var options []tf6server.ServeOpt
	if *debug {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		process.FollowLogLevel()
		process.OutliveCLI()
	}
	if err := tf6server.Serve(provider.Address, provider.NewServer(version), options...); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
