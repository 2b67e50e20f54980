package main

import (
	"runtime"
	"slices"
	"strings"

	"github.com/commercelayer/terraform-provider-commercelayer/internal/emulator"
)

const (
	domainVariable = "COMMERCELAYER_DOMAIN"
	modeVariable   = "COMMERCELAYER_MODE"
)

// providerVariables are the environment variables that the provider reads.
var providerVariables = []string{
	domainVariable, "COMMERCELAYER_TOKEN", "COMMERCELAYER_CLIENT_ID", "COMMERCELAYER_CLIENT_SECRET",
	"COMMERCELAYER_SCOPE", "COMMERCELAYER_AUTH_ENDPOINT", modeVariable,
}

// childEnvironment returns the environment in which the provider asks the
// emulator. It also returns the names of the caller's variables that it left
// out, so that the caller can be told.
//
// COMMERCELAYER_MODE stays when it names the mode of the emulator. The provider
// checks the mode, and a rehearsal includes that check.
func childEnvironment(environ []string, url string, live bool) (env, dropped []string) {
	mode := "test"
	if live {
		mode = "live"
	}
	for _, variable := range environ {
		name, value, _ := strings.Cut(variable, "=")
		known := slices.ContainsFunc(providerVariables, func(ours string) bool { return sameName(ours, name) })
		if !known || sameName(name, modeVariable) && value == mode {
			env = append(env, variable)
			continue
		}
		if value != "" {
			dropped = append(dropped, name)
		}
	}
	slices.Sort(dropped)
	return append(env,
		domainVariable+"="+url,
		"COMMERCELAYER_CLIENT_ID="+emulator.DefaultClientID,
		"COMMERCELAYER_CLIENT_SECRET="+emulator.DefaultClientSecret,
	), dropped
}

// sameName compares names of variables. Windows ignores the case of letters in
// them.
func sameName(a, b string) bool {
	return a == b || runtime.GOOS == "windows" && strings.EqualFold(a, b)
}
