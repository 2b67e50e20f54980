package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

const (
	domainVariable = "COMMERCELAYER_DOMAIN"
	tokenVariable  = "COMMERCELAYER_TOKEN"
	idVariable     = "COMMERCELAYER_CLIENT_ID"
)

// providerVariables are the environment variables that the provider reads. Its
// documentation lists them.
var providerVariables = []string{
	domainVariable, tokenVariable, idVariable, "COMMERCELAYER_CLIENT_SECRET", "COMMERCELAYER_SCOPE",
	"COMMERCELAYER_AUTH_ENDPOINT", "COMMERCELAYER_MODE",
}

// organization is the organization that the provider will ask. It is a real one,
// or it is emulated in this process.
type organization struct {
	name   string
	env    map[string]string
	api    *emulator.Emulator
	server *http.Server
}

// choose takes the real organization when the environment has credentials for
// one. Otherwise it starts the emulator.
func choose(ctx context.Context, lookup func(string) (string, bool)) (*organization, error) {
	env := map[string]string{}

	for _, name := range providerVariables {
		if value, found := lookup(name); found && value != "" {
			env[name] = value
		}
	}

	if env[tokenVariable] != "" || env[idVariable] != "" {
		return &organization{name: realName(env), env: env}, nil
	}

	if len(env) > 0 {
		return nil, errors.New(
			"some COMMERCELAYER_* variables are set, but no credentials: set COMMERCELAYER_TOKEN, or COMMERCELAYER_CLIENT_ID " +
				"and COMMERCELAYER_CLIENT_SECRET, to read your organization; set none of them to read the emulator",
		)
	}
	return startEmulator(ctx)
}

func realName(env map[string]string) string {
	if env[domainVariable] == "" {
		return "the organization that the token names"
	}
	return "the organization " + env[domainVariable]
}

func startEmulator(ctx context.Context) (*organization, error) {
	var config net.ListenConfig

	listener, err := config.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the emulator: %w", err)
	}

	api := emulator.New()
	server := &http.Server{Handler: api, ReadHeaderTimeout: 10 * time.Second}

	go func() { _ = server.Serve(listener) }()

	domain := "http://" + listener.Addr().String()
	return &organization{
		name:   "the emulator, at " + domain,
		env:    map[string]string{domainVariable: domain, tokenVariable: emulator.DefaultToken},
		api:    api,
		server: server,
	}, nil
}

func (o *organization) emulated() bool {
	return o.api != nil
}

// requests lists the requests that have arrived so far. Only the emulator counts
// them, so the list is empty for a real organization.
func (o *organization) requests() []emulator.Request {
	if !o.emulated() {
		return nil
	}
	return o.api.Requests()
}

func (o *organization) close() error {
	if !o.emulated() {
		return nil
	}

	o.api.Close()
	return o.server.Close()
}

// providerConfiguration has no arguments, so that the provider takes all of them
// from the environment.
const providerConfiguration = `terraform {
  required_providers {
    commercelayer = {
      source = "commercelayer/commercelayer"
    }
  }
}

provider "commercelayer" {}
`

// firstCustomer makes the provider find a customer itself. It is for a real
// organization, where no customer's ID is known beforehand.
const firstCustomer = `
data "commercelayer_customers" "any" {
  limit = 1
}
`

// adapt replaces the ID in the example. The example has the ID of an emulated
// customer, which a real organization does not have.
func adapt(text, id string, emulated bool) string {
	own := fmt.Sprintf("%q", emulator.SeedCustomerID)

	switch {
	case id != "":
		return strings.ReplaceAll(text, own, fmt.Sprintf("%q", id))
	case emulated:
		return text
	default:
		return strings.ReplaceAll(text, own, "one(data.commercelayer_customers.any.customers[*].id)") + firstCustomer
	}
}
