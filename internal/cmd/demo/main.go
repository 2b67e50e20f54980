// Command demo shows the provider at work: it builds it, plans and applies the example of the customer, and prints
// what went over the wire and what came back. It asks the emulator, or, when COMMERCELAYER_* holds credentials, the
// organization that they belong to. It leaves nothing behind.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/cmd/internal/sandbox"
)

// version is any that a CLI accepts: the mirror of the sandbox has no other.
const version = "0.0.1"

const example = "examples/data-sources/commercelayer_customer/data-source.tf"

func main() {
	err := run(os.Args[1:])

	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "demo: interrupted; nothing is left behind")
	case err != nil:
		fmt.Fprintln(os.Stderr, "demo:", err)
	default:
		return
	}

	os.Exit(1)
}

func run(args []string) (err error) {
	flags := flag.NewFlagSet("demo", flag.ExitOnError)
	cli := flags.String("cli", "terraform", "name or path of the Terraform or OpenTofu binary")
	id := flags.String("id", os.Getenv("CUSTOMER_ID"), "the customer to read; by default the example's, or an organization's first")

	if err := flags.Parse(args); err != nil {
		return err
	}

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	path, err := exec.LookPath(*cli)
	if err != nil {
		return fmt.Errorf("finding the CLI: %w", err)
	}

	org, err := choose(ctx, os.LookupEnv)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, org.close()) }()

	box, err := sandbox.New(path)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, box.Close()) }()

	if err := prepare(ctx, box, org, *id); err != nil {
		return err
	}

	return show(ctx, box, org)
}

// prepare fills the sandbox: the provider, the configuration, the credentials.
func prepare(ctx context.Context, box *sandbox.Sandbox, org *organization, id string) error {
	binary := box.TempFile("provider")

	build := exec.CommandContext(ctx, "go", "build", "-buildvcs=false", "-ldflags", "-X main.version="+version, "-o", binary, ".")
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("building the provider: %w\n%s", err, output)
	}

	text, err := os.ReadFile(filepath.FromSlash(example))
	if err != nil {
		return fmt.Errorf("reading the example, from the root of the source tree: %w", err)
	}

	for name, value := range org.env {
		box.Setenv(name, value)
	}

	if err := errors.Join(
		box.AddBinary(binary, version),
		box.Write("provider.tf", providerConfiguration),
		box.Write("data-source.tf", adapt(string(text), id, org.emulated())),
	); err != nil {
		return err
	}

	_, err = box.Run(ctx, "init", "-input=false", "-no-color")

	return err
}

// show plans, applies and prints.
func show(ctx context.Context, box *sandbox.Sandbox, org *organization) error {
	cli, err := box.Run(ctx, "version", "-no-color")
	if err != nil {
		return err
	}

	fmt.Printf("%s plans and applies %s\nagainst %s.\n", firstLine(cli), example, org.name)

	if _, err := box.Run(ctx, "plan", "-input=false", "-no-color", "-out=plan"); err != nil {
		return err
	}

	planned := org.requests()

	if _, err := box.Run(ctx, "apply", "-input=false", "-no-color", "plan"); err != nil {
		return err
	}

	state, err := box.Run(ctx, "show", "-json")
	if err != nil {
		return err
	}

	customer, err := describeCustomer(state)
	if err != nil {
		return err
	}

	outputs, err := box.Run(ctx, "output", "-no-color")
	if err != nil {
		return err
	}

	if org.emulated() {
		fmt.Printf("\nPlan sent %s, apply sent %s:\n\n", count(len(planned)), count(len(org.requests())-len(planned)))
		fmt.Print(indent(describeRequests(org.env[domainVariable], planned)))
	}

	fmt.Printf("\nThe customer:\n\n%s", indent(customer))
	fmt.Printf("\nOutputs:\n\n%s", indent(outputs))

	return nil
}
