// Command demo shows the provider at work. It builds the provider, plans and
// applies the example that reads a customer, and prints the requests and the
// customer.
//
// The provider asks the emulator. When the COMMERCELAYER_* variables hold
// credentials, it asks the organization to which they belong. At the end, demo
// removes all files that it made.
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

	"github.com/commercelayer/terraform-provider-commercelayer/internal/clidriver"
)

// version is the version that the provider is built with. Any version works,
// because the mirror offers no other.
const version = "0.0.1"

const example = "examples/data-sources/commercelayer_customer/data-source.tf"

func main() {
	err := run(os.Args[1:])

	switch {
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(os.Stderr, "demo: interrupted; its files are removed")
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
	id := flags.String(
		"id",
		os.Getenv("CUSTOMER_ID"),
		"the ID of the customer to read; by default that in the example, or a real organization's first customer",
	)
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

	driver, err := clidriver.New(path)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, driver.Close()) }()
	if err := prepare(ctx, driver, org, *id); err != nil {
		return err
	}
	return show(ctx, driver, org)
}

// prepare gives the CLI the provider, the configuration and the credentials.
func prepare(ctx context.Context, driver *clidriver.Driver, org *organization, id string) error {
	fmt.Println("Compiling the provider ...")

	binary, err := clidriver.Build(ctx, ".", driver.Root(), version)
	if err != nil {
		return err
	}

	text, err := os.ReadFile(filepath.FromSlash(example))
	if err != nil {
		return fmt.Errorf("reading the example (run this in the root of the source tree): %w", err)
	}

	for name, value := range org.env {
		driver.Setenv(name, value)
	}
	if err := errors.Join(
		driver.AddBinary(binary, version),
		driver.Write("provider.tf", providerConfiguration),
		driver.Write("data-source.tf", adapt(string(text), id, org.emulated())),
	); err != nil {
		return err
	}

	fmt.Println("Installing the provider where the CLI finds it ...")

	_, err = driver.Output(ctx, "init", "-input=false", "-no-color")
	return err
}

// show plans and applies the configuration, and prints what happened.
func show(ctx context.Context, driver *clidriver.Driver, org *organization) error {
	cli, err := driver.Version(ctx)
	if err != nil {
		return err
	}

	fmt.Printf("\n%s plans and applies %s\nagainst %s.\n", cli, example, org.name)
	if _, err := driver.Output(ctx, "plan", "-input=false", "-no-color", "-out=plan"); err != nil {
		return err
	}

	planned := org.requests()
	if _, err := driver.Output(ctx, "apply", "-input=false", "-no-color", "plan"); err != nil {
		return err
	}

	state, err := driver.Output(ctx, "show", "-json")
	if err != nil {
		return err
	}

	customer, err := describeCustomer(state)
	if err != nil {
		return err
	}

	outputs, err := driver.Output(ctx, "output", "-no-color")
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
